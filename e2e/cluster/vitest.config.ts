import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('../..'),
  resolve: {
    alias: [
      { find: 'server-only', replacement: here('../../node_modules/server-only/empty.js') },
      { find: /^@\//, replacement: here('../../') },
    ],
  },
  test: {
    include: [process.env.CRASHCART_TEST_KUBECONFIG ? 'e2e/cluster/given.ts' : 'e2e/cluster/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 600_000,
    maxWorkers: 2,
    // Progress is seen while a long test runs.
    disableConsoleIntercept: true,
  },
})
