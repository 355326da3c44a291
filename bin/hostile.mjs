// npm run test:hostile [FIRST [COUNT]]: 10,000 hostile documents, or those of the seeds that are named.
import { spawnSync } from 'node:child_process'
import { ensureInstalled, ROOT } from './setup.mjs'

ensureInstalled()
const done = spawnSync(
  process.execPath,
  ['--conditions=react-server', '--import', 'tsx', 'bin/cli/hostile.ts', ...process.argv.slice(2)],
  { cwd: ROOT, stdio: 'inherit' },
)
process.exit(done.status ?? 1)
