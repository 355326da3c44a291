/** The terminal's way in. Standard output carries the answer only; everything said beside it goes to standard error. */
import { Command, CommanderError, InvalidArgumentError } from 'commander'

/** Exit codes: all pass; something warns or fails; wrong usage; could not look. */
export const EXIT = { pass: 0, trouble: 1, usage: 2, couldNotLook: 3 } as const

function portNumber(value: string): number {
  const port = Number(value)
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new InvalidArgumentError('It must be a number from 0 to 65535.')
  return port
}

function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value]
}

const program = new Command('crashcart')
  .description('A runbook, checked and linted from a terminal.')
  .showHelpAfterError('Run with --help to see what it takes.')
  .exitOverride()
  .configureOutput({
    writeOut: (text) => process.stdout.write(text),
    writeErr: (text) => process.stderr.write(text),
  })

program
  .command('lint')
  .description('Say for each command line of a Markdown runbook what it becomes, and which pitfalls it has.')
  .argument('<path...>', 'Markdown files, or folders with Markdown files below them (told as counts)')
  .option('--json', 'JSON on standard output')
  .option('--requests', 'also say which requests kubectl would send for each typed line')
  .action(async (paths: string[], options: { json?: boolean; requests?: boolean }) => {
    const { lint } = await import('./lint')
    process.exitCode = await lint(paths, options)
  })

program
  .command('check')
  .description('Run the checks of a runbook.')
  .option('--runbook <id>', 'a file of the folder runbooks, without .md', 'backend-services')
  .option('--card <id>', 'only this card')
  .option('--context <name>', 'a context of your kubeconfig')
  .option('--sandbox', 'start a practice cluster for this run')
  .option('--kubeconfig <file>', 'a kubeconfig other than the usual one')
  .option('--fault <name>', 'with --sandbox: switch this fault on first (may be repeated)', collect, [])
  .option('--json', 'JSON on standard output')
  .action(async (options) => {
    const { check } = await import('./check')
    process.exitCode = await check(options)
  })

program
  .command('sandbox')
  .description('Serve the practice cluster until stopped.')
  .option('--port <number>', 'port on 127.0.0.1; 0 takes a free one', portNumber, 0)
  .option('--kubeconfig <file>', 'write a kubeconfig for kubectl here')
  .option('--fault <name>', 'switch this fault on (may be repeated)', collect, [])
  .action(async (options) => {
    const { sandbox } = await import('./sandbox')
    process.exitCode = await sandbox(options)
  })

program
  .command('faults')
  .description('List the faults of the practice cluster and the cards they belong to.')
  .option('--json', 'JSON on standard output (the default where that is no terminal)')
  .action(async (options) => {
    const { faults } = await import('./faults')
    process.exitCode = faults(options)
  })

program
  .command('journal')
  .description('The tamper-evident journal.')
  .command('verify')
  .description('Recompute the hash chain and say where it breaks, if it does.')
  .action(async () => {
    const { verify } = await import('./journal')
    process.exitCode = await verify()
  })

try {
  await program.parseAsync(process.argv)
} catch (cause) {
  if (cause instanceof CommanderError) {
    process.exitCode = cause.exitCode === 0 ? EXIT.pass : EXIT.usage
  } else {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`)
    process.exitCode = EXIT.couldNotLook
  }
}
// Keep-alive sockets and watches would otherwise hold the process open after the answer is out.
process.stdout.write('', () => process.exit(process.exitCode))
