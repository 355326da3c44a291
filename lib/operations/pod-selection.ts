import { z } from 'zod'

/**
 * Which pods a check looks at: a workload's, one by name, those with a name prefix, those of a selector;
 * with none of them, every pod of the namespace. `deployment/redis` also finds a StatefulSet of that name:
 * the owner that is really there is resolved when the step runs, and said.
 */
export const podSelection = z.object({
  namespace: z.string(),
  /** `deployment/backend-api`, or a bare name. */
  workload: z.string().optional(),
  pod: z.string().optional(),
  prefix: z.string().optional(),
  selector: z.string().optional(),
})

export type PodSelection = z.infer<typeof podSelection>
