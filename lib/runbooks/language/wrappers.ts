import { manual } from './reasons'

export interface Unwrapped {
  argv: string[]
  /** `watch`: the command is looked at again and again. */
  repeated: boolean
  /** `watch 'kubectl … | grep …'`: one word that a shell reads again. */
  script?: string
  notes: string[]
}

/** Options of the programs that only carry another command, with a value of their own. */
const WITH_VALUE: Record<string, RegExp> = {
  sudo: /^(-[ugpChrtTDR]|--(user|group|prompt|host|role|type|chdir))$/,
  watch: /^(-[nqs]|--(interval|equexit|shotsdir))$/,
  timeout: /^(-[ks]|--(kill-after|signal))$/,
  nice: /^(-n|--adjustment)$/,
  env: /^(-[uCS]|--(unset|chdir|split-string))$/,
  stdbuf: /^-[ioe]$/,
}

const PLAIN = new Set(['sudo', 'doas', 'time', 'command', 'nohup', 'nice', 'stdbuf', 'unbuffer', 'winpty'])
/** `microk8s kubectl get pods`. */
const CARRIERS = new Set(['microk8s', 'k3s', 'k0s', 'rke2', 'minikube'])
/** Variables that kubectl itself reads. */
const CLIENT =
  /^(KUBECONFIG|KUBECTL_\w+|KUBE_EDITOR|OC_EDITOR|HTTPS?_PROXY|https?_proxy|ALL_PROXY|NO_PROXY|no_proxy)$/

/** Notes a variable that only the started program sees; one that kubectl obeys makes the line manual. */
export function noteVariable(name: string): string {
  if (CLIENT.test(name)) manual('clientVariable', name)
  return `The variable ${name} of the environment is left out: kubectl does not read it.`
}

/** The command that sudo, time, timeout, env, watch and the like carry. */
export function unwrap(words: readonly string[]): Unwrapped {
  let argv = [...words]
  if (argv[0] === 'kubectl' || argv[0] === 'oc') return { argv, repeated: false, notes: [] }
  const notes: string[] = []
  let repeated = false
  for (;;) {
    const program = argv[0]?.split('/').at(-1) ?? ''
    if (PLAIN.has(program)) argv = withoutOptions(program, argv)
    else if (program === 'timeout') {
      argv = withoutOptions(program, argv)
      notes.push(`The limit of ${argv[0] ?? ''} is left out: requests have limits here.`)
      argv.shift()
    } else if (program === 'env') {
      argv = withoutOptions(program, argv)
      while (/^[A-Za-z_]\w*=/.test(argv[0] ?? '')) notes.push(noteVariable(argv.shift()?.split('=')[0] ?? ''))
    } else if (program === 'watch') {
      argv = withoutOptions(program, argv)
      repeated = true
      if (argv.length === 1 && /\s/.test(argv[0] ?? '')) return { argv, repeated, script: argv[0], notes }
    } else if (CARRIERS.has(program) && argv[1] === 'kubectl')
      argv = argv[2] === '--' ? ['kubectl', ...argv.slice(3)] : argv.slice(1)
    else return { argv, repeated, notes }
  }
}

function withoutOptions(program: string, argv: readonly string[]): string[] {
  let at = 1
  while (at < argv.length) {
    const word = argv[at] ?? ''
    if (word === '--') return argv.slice(at + 1)
    if (!word.startsWith('-') || word === '-') break
    at += WITH_VALUE[program]?.test(word) ? 2 : 1
  }
  return argv.slice(at)
}

/** `kubectl`, also for k, kubecolor and kubectl.exe; `oc`; or the program's own name without its folder. */
export function programOf(word: string | undefined): string {
  if (word === 'kubectl' || word === 'oc') return word
  const name =
    (word ?? '')
      .split(/[/\\]/)
      .at(-1)
      ?.replace(/\.exe$/i, '') ?? ''
  return name === 'k' || name === 'kubecolor' || /^kubectl[-_]?v?1[.\d]*$/.test(name) ? 'kubectl' : name
}
