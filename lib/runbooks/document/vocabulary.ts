import type { DocumentSection } from './types'

/**
 * What people call the parts of an article on an alert. Each pattern has to match a whole heading without its
 * number, marks and closing punctuation. The order decides for "Diagnosis and mitigation": the first word wins.
 */
const WORDS: readonly [DocumentSection, string][] = [
  [
    'symptoms',
    'symptoms?|signs|indications?|indicators|(?:how|where) it shows|error messages?|observed behaviou?rs?',
  ],
  [
    'meaning',
    'meaning|what (?:does )?(?:this|it|the|an)(?: alert)? means?|descriptions?|summary|overview|about(?: this alert)?|explanation|background|details|problem(?: (?:description|statement))?|definition|alert (?:details|description|summary)|the (?:alert|problem)|issue(?: description)?',
  ],
  [
    'impact',
    'impacts?|consequences|effects?|blast radius|severity|who is affected|(?:user|business|customer|service|potential|expected) impact',
  ],
  [
    'diagnosis',
    'diagnos(?:is|es|tics?|e|ing)|investigat(?:ion|ions|e|ing)|troubleshooting|triage|debug(?:ging)?|checks?|(?:what|how|where|things) to (?:check|look(?: at| for)?|investigate|diagnose)|(?:root |possible |likely |potential |common |probable )*(?:causes?|reasons?)|root cause analysis|identif(?:y|ying|ication)(?: of)?(?: the)? (?:problem|cause|root cause|issue)|assessment|detection|analysis|(?:finding|determining) the (?:root )?cause|health checks?|first response',
  ],
  [
    'mitigation',
    'mitigat(?:ion|ions|e|ing)|resol(?:ution|utions|ve|ving)|solutions?|(?:quick |hot |possible )?fix(?:es|ing)?|(?:how|what) to (?:fix|do|resolve|mitigate|solve)|remed(?:y|ies|iation|iations|iate|iating|iation actions)|work-?arounds?|recover(?:y|ing)?|actions?|rollback|repair|emergency procedures?|restor(?:e|ing|ation)(?: the)?(?: service)?|response',
  ],
  [
    'verification',
    'verif(?:y|ication|ying)|validat(?:e|ion|ing)|confirm(?:ation)?(?: resolution| the fix| recovery)?|verif(?:y|ying)(?: the)? (?:fix|resolution|solution|recovery)|success criteria|post-?(?:fix|mitigation|resolution|recovery) checks?|is it (?:fixed|solved|over)',
  ],
  [
    'prevention',
    'prevent(?:ion|ing)?(?: (?:measures|recurrence|it|in future))?|preventi?ve (?:measures|actions)|long[- ]term (?:fix|fixes|solution|solutions)|follow[- ]?ups?|post[- ]?mortem|lessons learned',
  ],
  [
    'prerequisites',
    'pre-?requisites?|requirements|before you (?:begin|start)|preparations?|access(?: required| needed)?|applicable versions?|environment',
  ],
  [
    'escalation',
    'escalat(?:ion|e|ing)(?: path| policy)?|contacts?|owners?|ownership|who to (?:call|contact|ask)|getting help|support',
  ],
  ['steps', 'steps?|procedures?|instructions?|playbook|runbook|actions to take|how[- ]to|what now|workflow'],
  [
    'references',
    'references?|see also|further reading|(?:useful |related )?links|(?:additional|more|related|further) (?:info|information|resources|reading|docs|documentation|alerts|runbooks|issues|links)|resources|documentation|appendix|change ?log|history|sources?|related|notes?|metadata',
  ],
]

const BEFORE =
  '(?:(?:alert|initial|immediate|possible|recommended|suggested|quick|general|common|further|basic|detailed|advanced|manual|temporary|permanent|short[- ]term|first|next|additional|full|tactical|issue|incident|problem|the) )*'
const AFTER =
  '(?: (?:steps?|guide|procedures?|actions?|plans?|options?|checks?|tasks?|commands?|instructions?|tips|notes|checklist|process|playbook|strateg(?:y|ies)|tree|measures|workflow|methods?|of the alert|of this alert|to perform|to take))*'
/** "Diagnosis and mitigation", "Impact / severity": what comes after the joint does not count. */
const JOINT = '(?:(?: and | or | ?[&/+,] ?).{1,60})?'

const PATTERNS = WORDS.map(
  ([section, words]) => [section, new RegExp(`^${BEFORE}(?:${words})${AFTER}${JOINT}$`, 'i')] as const,
)

/** The parts that tell an article on an alert from a list of pages; "Overview" and "References" are everywhere. */
const TELLING = new Set<DocumentSection>([
  'symptoms',
  'impact',
  'diagnosis',
  'mitigation',
  'verification',
  'prevention',
])
const MEANING = /^(?:alert )?(?:meaning|description|summary)$/i
/** These are as often the name of a group of pages as a part of one. */
const AMBIGUOUS =
  /^(?:common )?(?:troubleshooting|(?:health )?checks?|actions?|recovery|effects|severity|analysis)$/i

/** "Solution 2: raise the limit" belongs to a section and says more than its name. */
const NUMBERED = /^(?:solution|resolution|mitigation|work-?around|fix)s? ?\d* ?[:.–—-] ?\S/i

/** What a heading means. */
export interface Meaning {
  section: DocumentSection
  /** The heading says no more than that, so it is no good title for a step. */
  plain: boolean
  /** It tells of the shape of the document. */
  tells: boolean
}

export interface Vocabulary {
  /** What part a heading opens; undefined for an ordinary one. */
  meaningOf(title: string): Meaning | undefined
}

/** A heading as it is compared: without number, emoji and marks. */
function bare(title: string): string {
  return title
    .slice(0, 120)
    .replace(/\(s\)/i, 's')
    .replace(/\s\([^()]*\)\s*$/, '')
    .replace(/^(?:[^\p{L}\p{N}]|\d+[.):]?\s)+/u, '')
    .replace(/[^\p{L}\p{N})]+$/u, '')
    .replace(/\s+/g, ' ')
}

const SECTIONS = new Set<string>(WORDS.map(([section]) => section))
const listed = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string')

/**
 * The vocabulary of a document: English, and what front matter adds in other languages, compared as whole
 * headings in any case (`headings: {diagnosis: [Diagnose, Ursachen]}`). Names of sections that do not exist
 * are given back, since a typing error would otherwise leave the headings ordinary without a word.
 */
export function vocabularyOf(headings: unknown): { vocabulary: Vocabulary; unknown: string[] } {
  const given = new Map<string, DocumentSection>()
  const unknown: string[] = []
  if (typeof headings === 'object' && headings !== null)
    for (const [name, titles] of Object.entries(headings)) {
      const section = name.toLowerCase()
      if (!SECTIONS.has(section)) unknown.push(name)
      else
        for (const title of listed(titles)) given.set(bare(title).toLowerCase(), section as DocumentSection)
    }
  return {
    vocabulary: {
      meaningOf(title) {
        const words = bare(title)
        const own = given.get(words.toLowerCase())
        if (own) return { section: own, plain: true, tells: true }
        const section = PATTERNS.find(([, pattern]) => pattern.test(words))?.[0]
        if (section)
          return {
            section,
            plain: true,
            tells: !AMBIGUOUS.test(words) && (TELLING.has(section) || MEANING.test(words)),
          }
        return NUMBERED.test(words) ? { section: 'mitigation', plain: false, tells: false } : undefined
      },
    },
    unknown,
  }
}
