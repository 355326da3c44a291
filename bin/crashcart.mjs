// npm run crashcart: the engine from a terminal. Installs what is missing, then hands over to bin/cli/main.ts.
import { spawn } from 'node:child_process'
import { bundled, ensureInstalled, ROOT } from './setup.mjs'

ensureInstalled()
const { file, execArgv } = await bundled('main')
const child = spawn(process.execPath, [...execArgv, file, ...process.argv.slice(2)], {
  // Runbooks and migrations lie in the project's folder; file arguments are resolved against the folder the command
  // was typed in.
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...process.env, CRASHCART_CWD: process.env.INIT_CWD ?? process.cwd() },
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(signal ? 2 : (code ?? 2)))
