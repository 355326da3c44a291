import 'server-only'
import { fail, ok, type Result } from '../../../core/result'
import type { KubeObject } from '../../../targets/types'
import { CouldNotPrint } from '../limits'
import { describeAutoscaler } from './autoscaler'
import { describeConfigMap, describeNamespace, describeSecret, describeServiceAccount } from './config'
import { describeEndpointSlice, describeEndpoints, describeIngressClass } from './endpoints'
import { describeAny } from './generic'
import { describeCronJob, describeJob } from './jobs'
import { describeIngress, describeService } from './network'
import { describeNode } from './node'
import { describePod } from './pod'
import { describeLimitRange, describeQuota } from './quotas'
import {
  describeBinding,
  describeBudget,
  describeNetworkPolicy,
  describePriority,
  describeRole,
} from './rules'
import { describeClaim, describeStorageClass, describeVolume } from './storage'
import type { Beside, Describer } from './types'
import { describeDaemonSet, describeDeployment, describeReplicaSet, describeStatefulSet } from './workloads'
import { Writer } from './writer'

export { servicesOf } from './network'
export { selectorText } from './selectors'
export type { Beside } from './types'

/** Kinds with words of their own, by kind and group. */
const DESCRIBERS: Record<string, Describer> = {
  'Pod ': describePod,
  'Node ': describeNode,
  'Service ': describeService,
  'PersistentVolumeClaim ': describeClaim,
  'Namespace ': describeNamespace,
  'ConfigMap ': describeConfigMap,
  'Secret ': describeSecret,
  'ServiceAccount ': describeServiceAccount,
  'Deployment apps': describeDeployment,
  'StatefulSet apps': describeStatefulSet,
  'DaemonSet apps': describeDaemonSet,
  'ReplicaSet apps': describeReplicaSet,
  'Job batch': describeJob,
  'CronJob batch': describeCronJob,
  'HorizontalPodAutoscaler autoscaling': describeAutoscaler,
  'Ingress networking.k8s.io': describeIngress,
  'IngressClass networking.k8s.io': describeIngressClass,
  'NetworkPolicy networking.k8s.io': describeNetworkPolicy,
  'Endpoints ': describeEndpoints,
  'EndpointSlice discovery.k8s.io': describeEndpointSlice,
  'PersistentVolume ': describeVolume,
  'StorageClass storage.k8s.io': describeStorageClass,
  'PodDisruptionBudget policy': describeBudget,
  'PriorityClass scheduling.k8s.io': describePriority,
  'LimitRange ': describeLimitRange,
  'ResourceQuota ': describeQuota,
  'Role rbac.authorization.k8s.io': describeRole,
  'ClusterRole rbac.authorization.k8s.io': describeRole,
  'RoleBinding rbac.authorization.k8s.io': describeBinding,
  'ClusterRoleBinding rbac.authorization.k8s.io': describeBinding,
}

/** Kinds that kubectl 1.32 describes in words of their own which are not known here. */
const NOT_KNOWN = new Set([
  ...['ReplicationController ', 'Ingress extensions', 'ServiceCIDR networking.k8s.io'],
  ...['IPAddress networking.k8s.io', 'CertificateSigningRequest certificates.k8s.io'],
  ...['CSINode storage.k8s.io', 'VolumeAttributesClass storage.k8s.io'],
])
/** Groups whose kinds oc describes in words of its own (github.com/openshift/oc, pkg/helpers/describe). */
const OF_OC =
  /^(apps|authorization|build|image|network|oauth|project|quota|route|security|template|user)\.openshift\.io$/

/**
 * Whether objects of a type can be printed as `kubectl describe` prints them. Types that kubectl has no describer for,
 * custom resources among them, it prints field by field.
 */
export function canDescribe({ kind, group }: { kind: string; group: string }): boolean {
  return kind !== 'All' && !NOT_KNOWN.has(`${kind} ${group}`) && !OF_OC.test(group)
}

/**
 * An object as kubectl 1.32 describes it, times in UTC. `group` is that of its type. Errors: `invalid_input` with a
 * sentence where it cannot be printed as kubectl does it.
 */
export function describeObject(object: KubeObject, group: string, beside: Beside): Result<string> {
  const kind = object.kind ?? ''
  if (!canDescribe({ kind, group }))
    return fail('invalid_input', `kubectl's words for a ${kind} are not known here.`)
  try {
    const w = new Writer()
    const describer = Object.hasOwn(DESCRIBERS, `${kind} ${group}`)
      ? DESCRIBERS[`${kind} ${group}`]
      : describeAny
    describer?.(w, object, beside)
    return ok(w.text())
  } catch (cause) {
    if (cause instanceof CouldNotPrint) return fail('invalid_input', cause.message)
    throw cause
  }
}
