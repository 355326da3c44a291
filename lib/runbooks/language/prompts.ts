/** What people type after a prompt; only before these is `#` a prompt and not a comment. */
const TYPED = String.raw`(?:sudo|time|timeout|watch|env|export|kubectl(?:\.exe)?|kubecolor|k|oc|helm|curl|\S*/(?:kubectl|oc))(?=\s)`

const PROMPTS = [
  // [root@host ~]#   [user@host dir]$
  /^\[[^\]\n]*@[^\]\n]*\]\s*[$#%>]\s+/,
  // user@host:~$   (env) user@host ~ %   root@pod:/#
  /^(?:\([\w.-]+\)\s*)?[\w.-]+@[\w.-]+(?:[: ][^\s$#%>]*)?\s*[$#%>❯]\s+/,
  // sh-5.1#   bash-4.4$
  /^(?:ba|z|k|da)?sh-[\d.]+[$#]\s+/,
  // PS C:\Users>
  /^PS [A-Za-z]:[^>\n]*>\s*/,
  // ➜  ~   ❯   λ   (a directory may stand between)
  /^[➜❯λ»]\s+(?:~\S*\s+)?/,
  // ~/dir $   $   %   >
  /^(?:~\S*\s*)?[$%>]\s+/,
  new RegExp(String.raw`^#\s+(?=${TYPED})`),
]

/** A line without the prompt it was copied with; the prompts of its further lines (`> `) go with it. */
export function withoutPrompt(text: string): string {
  const bare = text.trim()
  if (/^(kubectl|oc) /.test(bare)) return bare
  for (const prompt of PROMPTS) {
    const found = prompt.exec(bare)
    if (!found) continue
    const rest = bare.slice(found[0].length)
    return rest.includes('\n') ? rest.replace(/\n> ?/g, '\n') : rest
  }
  return bare
}
