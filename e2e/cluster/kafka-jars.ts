/** The jars of Kafka, fetched once with Maven. Needs the network at first, so it runs before the test's own exists. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

const POM = join(dirname(fileURLToPath(import.meta.url)), 'kafka', 'pom.xml')
const JAVA_AT_LEAST = 17
const FETCH_LIMIT_MS = 10 * 60_000

/** A program of the PATH, or of JAVA_HOME, as an absolute path. */
function find(name: string): string | undefined {
  const home = process.env.JAVA_HOME ? [join(process.env.JAVA_HOME, 'bin')] : []
  return [...home, ...(process.env.PATH ?? '').split(':')]
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

/** Java's launcher, as an absolute path. */
export function javaProgram(): string | undefined {
  return find('java')
}

/** Why the Java here does not do; undefined when it does. */
async function javaMissing(): Promise<string | undefined> {
  const java = javaProgram()
  if (!java) return `Java is not installed; Kafka needs version ${JAVA_AT_LEAST} or later.`
  const said = await run(java, ['-version'], { timeout: 30_000 }).then(
    ({ stdout, stderr }) => stdout + stderr,
    () => '',
  )
  const version = /version "(\d+)/.exec(said)?.[1]
  return Number(version ?? 0) >= JAVA_AT_LEAST
    ? undefined
    : `${java} is Java ${version ?? 'of an unknown version'}; Kafka needs version ${JAVA_AT_LEAST} or later.`
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return otherwise
  }
}

/** The class path of kafka/pom.xml, kept in `cache`; `missing` says in a sentence why it cannot be had. */
export async function kafkaJars(cache: string): Promise<{ classPath: string } | { missing: string }> {
  const noJava = await javaMissing()
  if (noJava) return { missing: noJava }
  const pom = readFileSync(POM, 'utf8')
  const version = /<kafka\.version>([\w.-]+)</.exec(pom)?.[1]
  if (!version) throw new Error(`${POM} has no kafka.version.`)
  const folder = join(cache, `kafka-${version}`)
  const stamp = createHash('sha256').update(pom).digest('hex')
  const classPath = join(folder, '*')
  if (readOr(join(folder, 'stamp'), '') === stamp) return { classPath }

  const maven = find('mvn')
  if (!maven) return { missing: 'Maven (mvn) is not installed, so the jars of Kafka cannot be fetched.' }
  const half = `${folder}.part-${process.pid}`
  mkdirSync(half, { recursive: true })
  try {
    await run(maven, ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${half}`], {
      timeout: FETCH_LIMIT_MS,
      maxBuffer: 16 << 20,
    })
    writeFileSync(join(half, 'stamp'), stamp)
    // Renamed when whole: a fetch that was ended half-way must not be taken for the jars.
    rmSync(folder, { recursive: true, force: true })
    renameSync(half, folder)
    return { classPath }
  } catch (cause) {
    rmSync(half, { recursive: true, force: true })
    const { stdout = '', stderr = '', message } = cause as Error & { stdout?: string; stderr?: string }
    const said = `${stdout}\n${stderr}`.split('\n').find((line) => line.includes('ERROR')) ?? message
    return { missing: `Maven could not fetch the jars of Kafka: ${said.trim().slice(0, 300)}` }
  }
}
