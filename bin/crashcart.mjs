// npm run crashcart: the engine from a terminal. Installs what is missing, then hands over to bin/cli/main.ts.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { COMPILING, ensureInstalled, ROOT } from './setup.mjs'

ensureInstalled()
const child = spawn(
  process.execPath,
  [
    ...COMPILING,
    '--conditions=react-server',
    '--import',
    'tsx',
    join(ROOT, 'bin/cli/main.ts'),
    ...process.argv.slice(2),
  ],
  // tsx looks for tsconfig.json (path aliases) in the working folder, so that must be the project's;
  // file arguments are resolved against the folder the command was typed in.
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, CRASHCART_CWD: process.env.INIT_CWD ?? process.cwd() },
  },
)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(signal ? 2 : (code ?? 2)))
