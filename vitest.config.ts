import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      // Next resolves this marker by the react-server condition; a test process is a server too.
      { find: 'server-only', replacement: here('./node_modules/server-only/empty.js') },
      { find: /^@\//, replacement: here('./') },
    ],
  },
  test: {
    include: ['{app,bench,bin,components,lib,sandbox}/**/*.test.{ts,tsx}'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
})
