/**
 * Why a line stays with a person. Every reason that the language of command lines gives stands here, so that people
 * read one voice and counts of reasons stay few. `{}` is what differs from line to line.
 */
export const REASONS = {
  // What is written
  tooLong: 'The line is longer than {} characters.',
  controlCharacters: 'The line holds characters that cannot be seen or that turn the direction of text.',
  privateCharacters: 'The line holds characters that are not for use in text.',
  incomplete: 'It is not a complete command line: {}.',
  hereDocumentOpen: 'Its here-document has no end.',
  tooDeep: 'Commands stand inside commands more than one level deep.',
  tooManyParts: 'The line holds more than {} commands.',
  empty: 'It holds no command.',

  // What only a shell does
  background: 'It runs something in the background.',
  whenFails: 'What runs depends on whether another command fails (||).',
  negated: 'It turns success into failure (!).',
  loop: 'It is a shell loop, which a person runs.',
  condition: 'It is a shell condition, which a person runs.',
  function: 'It is a shell function, which a person runs.',
  subshell: 'It is a shell sub-shell, which a person runs.',
  group: 'It is a shell group, which a person runs.',
  coprocess: 'It is a shell coprocess, which a person runs.',
  arithmetic: 'It has a shell compute something first.',
  processSubstitution: 'It hands a command the output of another as a file (<(…)).',
  braces: 'It has a shell write out alternatives in braces ({}).',
  array: 'It sets an array, which a person’s shell keeps.',
  appends: 'It appends to a variable of a person’s shell.',
  expansion: 'It has a shell rewrite the variable {}.',
  argument: 'It uses {}, which only a script knows.',
  stage: 'One stage of the pipe is not a plain command.',
  variableOfCommand: 'It sets the variable {} for this one command, whose words have been read by then.',
  setsAfterUse: 'It sets the variable {} after it was used.',
  clientVariable: 'It sets {}, which points the command at another cluster or way.',
  source: 'It runs a script in the shell of the person who types it.',

  // Files and streams
  readsFile: 'It reads from a file.',
  writesFile: 'It writes to a file.',
  standardInput: 'It reads a text that the line does not hold.',
  unusedInput: 'It gives {} a text to read, which is not understood.',
  localFile: 'It uses a file of the person who types it ({}).',
  url: 'It takes what it applies from an address on the network.',
  feedsKubectl: 'It feeds what one command prints to kubectl, which nobody would have seen before.',
  feedsShell: 'It runs what a command prints as commands of its own (| {}).',
  pipe: 'The pipe goes into {}, which does not run here.',
  pipeFrom: 'It pipes the output of {}, which does not run here, into kubectl.',

  // Sessions and the machine of the person
  edit: 'kubectl edit opens an editor: a person edits and saves.',
  session: 'It opens an interactive session ({}): a person types into it.',
  topDraws: 'top draws on a terminal until somebody stops it; `top -b -n 1` prints it once.',
  attach: 'kubectl attach joins what a person would type and see.',
  debug: 'It starts a debugging container or session, which a person works in.',
  run: 'kubectl run starts a pod for a person to work with.',
  portForward: 'It opens a port on the machine of the person who types it.',
  copy: 'It copies files from or to the machine of the person who types it.',
  config: 'It changes or shows the client configuration of the person who types it.',
  plugin: 'kubectl {} is a plugin or not a verb of kubectl; it does not run here.',
  localOnly: 'kubectl {} works on the machine of the person who types it.',
  oc: 'oc {} has no counterpart in kubectl.',
  whoami: 'oc {} is about the person who is signed in with oc.',
  openScript: 'What somebody fills in would become part of a shell script.',
  lacksCommand: 'kubectl exec names no command to run.',
  environment: 'It prints all variables of a container, passwords among them.',
  credential: 'It prints a credential, which is shown to nobody here.',
  everywhere: 'It would change objects of every namespace: more than anybody can look through.',

  // Repeating and waiting
  repeatedChange: 'It would make a change again and again (watch).',
  wait: 'It waits before a change; a person decides how long.',

  // Captures
  captureNotRead: 'What it captures does not come from one plain read: {}',
  ownName: 'It uses {}, the name that what it captures has here.',
  captureHasTwo: 'What it captures comes from more than one command.',

  // Other tools
  package: '{} manages packages and releases on the machine of the person who types it.',
  certificates: '{} works on certificates and keys of the person who types it.',
  mesh: '{} is the tool of another system; it does not run here.',
  cloud: '{} talks to a cloud provider as the person who types it.',
  containers: '{} works on containers or images of one machine.',
  network: '{} asks from the machine of the person who types it.',
  node: '{} works on the machine on which it is typed.',
  ownMachine: 'It asks the machine of the person who types it ({}).',
  address: 'It asks an address on the network from the machine of the person who types it.',
  shell: '{} runs a script or opens a shell on the machine of the person who types it.',
  editor: '{} opens a file of the person who types it.',
  prints: 'It only prints a text.',
  elsewhere: 'It asks another cluster, as another person or past the usual ways ({}).',
  otherText: 'A pipe reads what kubectl prints here, and Crashcart shows it in words of its own.',
  noKubectl: 'No operation stands for this kubectl call yet.',
  noOther: 'No operation stands for {} yet.',
} as const

export type Reason = keyof typeof REASONS

/** The sentence of a reason, with what differs filled in. */
export function reasonText(reason: Reason, detail = ''): string {
  return REASONS[reason].replace('{}', () => detail)
}

/**
 * Thrown while a line is read, and caught where reading it began: the line stays with a person. It is no Error, since
 * nothing went wrong and a stack for each such line would take longer than reading it.
 */
export class StaysManual {
  constructor(readonly message: string) {}
}

/** Ends the reading of a line with that reason. */
export function manual(reason: Reason, detail?: string): never {
  throw new StaysManual(reasonText(reason, detail))
}

const TOOLS: Partial<Record<Reason, string>> = {
  package:
    'helm helmfile helm3 brew apt apt-get yum dnf snap pip pip3 npm npx go krew kustomize skaffold argocd flux terraform tofu ansible ansible-playbook make git tridentctl operator-sdk opm',
  certificates: 'openssl cmctl cfssl cfssljson step vault ssh-keygen keytool certbot gpg htpasswd mkcert',
  mesh: 'istioctl linkerd cilium hubble calicoctl virtctl velero longhornctl etcdctl rook ceph rbd virsh consul nomad kafkactl stern k9s kubectx kubens holmes psql mysql redis-cli mongosh mongo kafka-topics.sh promtool amtool logcli rabbitmqctl',
  cloud:
    'aws gcloud gsutil az eksctl doctl oci ibmcloud rosa ocm hcloud openstack gh glab kops minikube kind k3d kubeadm',
  containers: 'docker podman crictl ctr nerdctl buildah skopeo crane',
  network: 'dig nslookup ping nc ncat telnet traceroute host wget ssh scp rsync http grpcurl tcpdump hey ab',
  node: 'systemctl journalctl service mount umount lsblk df du free top htop ps kill pkill killall iptables nft ip ss netstat sysctl modprobe dmesg chroot reboot shutdown cat ls rm mv cp mkdir cd chmod chown tail head find uname date whoami hostname lsof strace touch tar',
  shell: 'bash sh zsh ash dash ksh fish python python3 perl ruby node eval exec xargs parallel',
  editor: 'vi vim nano emacs code less more',
  source: 'source . set unset alias trap shopt',
  prints: 'echo printf true false : clear',
}

const BY_TOOL = new Map(
  Object.entries(TOOLS).flatMap(([reason, names]) =>
    names.split(' ').map((name) => [name, reason as Reason] as const),
  ),
)

/** Why a program other than kubectl is left to a person. */
export function reasonForTool(name: string): string {
  if (name === 'curl') return reasonText('address')
  return reasonText(BY_TOOL.get(name) ?? 'noOther', name || 'this command')
}
