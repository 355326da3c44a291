/** `<pod name>`, `${POD}`, `$POD`, `{pod}`, `{{ .pod }}`: what a person fills in, as runbooks write it. */
const PLACEHOLDER =
  /<([A-Za-z][^<>\n]{0,60})>|\$\{([A-Za-z_][\w-]*)\}|\$([A-Za-z_]\w*)|\{\{\s*\.?([A-Za-z_][\w.-]*)\s*\}\}|\{([A-Za-z_][\w-]*)\}/g

/**
 * A recording has its placeholders bound to their own names: `<VM_NAME>` and `$VM_NAME` were sent as `vm-name`.
 * Templates were sent as they are, so that they are bound here. jsonpath has braces too, but begins with a dot.
 */
export function bindNames(text: string): string {
  return text.replace(PLACEHOLDER, (_, ...names: (string | undefined)[]) =>
    (names.slice(0, 5).find(Boolean) ?? '')
      .toLowerCase()
      .replace(/[^a-z0-9.]+/g, '-')
      .replace(/^-+|-+$/g, ''),
  )
}

/** Whether the whole text is one placeholder. */
export function isOnePlaceholder(text: string): boolean {
  return text !== '' && text.replace(PLACEHOLDER, '') === ''
}

/** The placeholders of a text by name. */
export function namesOfPlaceholders(text: string): string[] {
  return Array.from(text.matchAll(PLACEHOLDER), ([, ...names]) => names.find(Boolean) ?? '')
}
