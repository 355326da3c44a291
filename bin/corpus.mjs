// npm run corpus: hands over to bin/cli/corpus.ts, as bin/crashcart.mjs does to the command line.
import { spawnSync } from 'node:child_process'
import { ensureInstalled, ROOT } from './setup.mjs'

ensureInstalled()
const done = spawnSync(
  process.execPath,
  ['--conditions=react-server', '--import', 'tsx', 'bin/cli/corpus.ts', ...process.argv.slice(2)],
  {
    cwd: ROOT,
    stdio: 'inherit',
    // File arguments are resolved against the folder the command was typed in.
    env: { ...process.env, CRASHCART_CWD: process.env.INIT_CWD ?? process.cwd() },
  },
)
process.exit(done.status ?? 2)
