// npm run bench: speed and size as ratios measured side by side in one run.
import { spawnSync } from 'node:child_process'
import { COMPILING, ensureBuilt, ensureInstalled, ROOT } from './setup.mjs'

ensureInstalled()
ensureBuilt()
let worst = 0
for (const part of ['bench/compile.ts', 'bench/checks.ts', 'bench/board.ts']) {
  const done = spawnSync(
    process.execPath,
    [...COMPILING, '--conditions=react-server', '--import', 'tsx', part],
    {
      cwd: ROOT,
      stdio: 'inherit',
    },
  )
  worst = Math.max(worst, done.status ?? 1)
}
// The second section needs a control plane; where none can be built it says why, and does not count.
const NOTHING_TO_RUN_ON = 77
const real = spawnSync(process.execPath, ['bin/test-cluster.mjs', '--bench'], { cwd: ROOT, stdio: 'inherit' })
if (real.status !== NOTHING_TO_RUN_ON) worst = Math.max(worst, real.status ?? 1)
process.exit(worst)
