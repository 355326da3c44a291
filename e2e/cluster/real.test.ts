/** The real cluster, in this order: one process, since the cluster lives in it. */
import { afterAll } from 'vitest'
import { checksSuite } from './suite/checks'
import { faultsSuite } from './suite/faults'
import { fixesSuite } from './suite/fixes'
import { stopClusters } from './suite/under-test'

afterAll(stopClusters, 60_000)

checksSuite('real')
faultsSuite()
fixesSuite('real')
