/** The same checks and fixes on the practice cluster, beside those on the real one. */
import { afterAll } from 'vitest'
import { checksSuite } from './suite/checks'
import { fixesSuite } from './suite/fixes'
import { stopClusters } from './suite/under-test'

afterAll(stopClusters, 60_000)

checksSuite('practice')
fixesSuite('practice')
