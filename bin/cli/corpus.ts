/** npm run corpus: how the compiler does on recorded command lines of public runbooks. */
import { readFile } from 'node:fs/promises'
import { Command, CommanderError } from 'commander'
import { CATALOGUE } from '@/lib/operations/catalogue'
import { judge } from '@/lib/runbooks/corpus/judge'
import { readRecords } from '@/lib/runbooks/corpus/records'
import { shown, tally, writeJudgement, writeTable } from '@/lib/runbooks/corpus/table'
import { fromTypedFolder, printJson } from './files'

interface CorpusOptions {
  json?: boolean
  show?: string
  repo?: string
}

const program = new Command('corpus')
  .description('Compile recorded command lines, and compare what becomes of them with what kubectl sent.')
  .argument('<file>', 'records as JSON lines')
  .option('--json', 'JSON on standard output')
  .option('--show <what>', 'also print the lines: wrong, manual, more, uncompared, or a part of a reason')
  .option('--repo <name>', 'only repositories with this in their name')
  .exitOverride()
  .action(async (file: string, options: CorpusOptions) => {
    process.exitCode = await corpus(file, options)
  })

/** 0 nothing wrong, 1 something wrong, 2 no such file or no records in it. */
async function corpus(file: string, options: CorpusOptions): Promise<number> {
  let text: string
  try {
    text = await readFile(fromTypedFolder(file), 'utf8')
  } catch {
    process.stderr.write(`There is no file ${file} that can be read.\n`)
    return 2
  }
  const records = readRecords(text).filter((record) => !options.repo || record.repo.includes(options.repo))
  const judgements = records.map((record) => judge(record, CATALOGUE))
  const tallies = tally(judgements)
  const lines = options.show ? shown(judgements, options.show) : undefined
  if (options.json) printJson({ repositories: tallies, ...(lines ? { lines } : {}) })
  else {
    for (const one of lines ?? []) process.stdout.write(`${writeJudgement(one)}\n\n`)
    process.stdout.write(`${writeTable(tallies)}\n`)
  }
  return judgements.some((one) => one.wrong.length > 0) ? 1 : 0
}

try {
  await program.parseAsync(process.argv)
} catch (cause) {
  if (cause instanceof CommanderError) process.exitCode = cause.exitCode === 0 ? 0 : 2
  else {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`)
    process.exitCode = 2
  }
}
