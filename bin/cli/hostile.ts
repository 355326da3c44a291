/** npm run test:hostile: says how many hostile documents were compiled, and which of them led to trouble. */
import { runHostile } from '@/lib/runbooks/corpus/hostile/run'

const [first = 0, count = 10_000] = process.argv.slice(2).map(Number)
const TOLD_EVERY = 500

function* seeds() {
  for (let n = 0; n < count; n++) {
    if (n > 0 && n % TOLD_EVERY === 0) process.stderr.write(`${n} of ${count} …\n`)
    yield first + n
  }
}

const { documents, failures, slowest } = await runHostile(seeds())
for (const { seed, what, bytes, trouble } of failures)
  process.stdout.write(`seed ${seed} (${what}, ${bytes} bytes): ${trouble}\n`)
process.stdout.write(
  `${documents} documents, slowest ${Math.round(slowest.ms)} ms (seed ${slowest.seed}), ${failures.length} failed\n`,
)
process.exit(failures.length === 0 && documents === count ? 0 : 1)
