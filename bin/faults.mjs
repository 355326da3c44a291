// npm run test:faults: every fault of the practice cluster comes, is seen, is cured and goes. Names as arguments
// run those alone. All take about four minutes.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const names = process.argv.slice(2)
const done = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', 'lib/engine/faults.test.ts', '--reporter=verbose'],
  {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
    env: { ...process.env, CRASHCART_FAULTS: names.length > 0 ? names.join(',') : 'all' },
  },
)
process.exit(done.status ?? 1)
