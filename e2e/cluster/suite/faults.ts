/** Real things break: each gives the right verdict or `unknown`, never a false pass, and all is well again afterwards. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { previewStep } from '@/lib/engine/preview-fix'
import { type EngineAtHand, engineAtHand, person } from '@/lib/engine/testing'
import type { StepResult } from '@/lib/engine/types'
import type { Runbook } from '@/lib/runbooks/types'
import { connectCluster } from '@/lib/targets/cluster/connect'
import { RESOURCE } from '@/lib/targets/resource-types'
import { until } from '../kube-api'
import { backendRunbook, look, otherThan, untilHealthy } from './checks'
import { carryOut, NO_PRACTICE_PAGE } from './fixes'
import { freshLogs, REAL_FAULTS } from './real-faults'
import { roadTo } from './road'
import { type Clusters, note, realCluster } from './under-test'

export function faultsSuite(): void {
  describe('faults on real parts', () => {
    let real: Clusters['real']
    let runbook: Runbook
    let engine: EngineAtHand
    beforeAll(async () => {
      real = await realCluster()
      runbook = await backendRunbook()
      engine = await engineAtHand({ kubeconfig: real.kubeconfig, url: NO_PRACTICE_PAGE })
      await freshLogs(real)
    }, 600_000)
    afterAll(async () => {
      await engine?.stop()
    }, 90_000)

    for (const fault of REAL_FAULTS)
      it(fault.name, { timeout: 400_000 }, async () => {
        await untilHealthy(real, runbook, 120_000)
        try {
          await fault.break(real)
          const steps = Object.keys(fault.shows)
          let results: StepResult[] = []
          await until(
            async () => {
              results = await look(real, runbook, (id) => steps.includes(id))
              const wrong = results.filter((one) => !fault.shows[one.stepId]?.test(describeResult(one)))
              if (wrong.length > 0) throw new Error(wrong.map(describeResult).join(' | '))
              return true
            },
            `${fault.name} shows`,
            90_000,
            1_000,
          )
          for (const one of results) note(`fault: ${fault.name}`, 'real', describeResult(one).slice(0, 110))
        } finally {
          await fault.mend(real)
        }
        await untilHealthy(real, runbook, 180_000)
      })

    it('a right that was taken away makes unknown, and nothing else', async () => {
      await real.must('create', 'clusterrolebinding', 'limited', '--clusterrole=view', '--group=limited')
      try {
        const kubeconfig = real.cluster.controlPlane.kubeconfig('limited')
        const results = await look({ kubeconfig }, runbook)
        const refused = results.filter((one) => one.result.verdict !== 'pass')
        // `view` may neither exec, nor proxy, nor read Secrets.
        expect(refused.filter((one) => one.result.verdict !== 'unknown').map(describeResult)).toEqual([])
        const unknown = refused.map((one) => one.stepId)
        expect(unknown).toContain('rate-limiting/check-that-redis-answers')
        expect(unknown).toContain('database-connections/check-database-credentials')
        const why = /not allowed|may not|forbidden|rights|could not be read/i
        expect(refused.map(describeResult).filter((text) => !why.test(text))).toEqual([])
        note('fault: rights taken away', 'real', `${unknown.length} unknown, 0 false`)
      } finally {
        await real.must('delete', 'clusterrolebinding', 'limited')
      }
    })

    it('the API server restarts during a rollout: the run ends with what is true', {
      timeout: 300_000,
    }, async () => {
      await real.settled()
      const shown = await previewStep(person('responder'), {
        stepId: 'service-recovery/restart-the-deployment-in-an-emergency',
        inputs: {},
      })
      if (!shown.ok) throw new Error(shown.error.message)
      const running = carryOut(shown.value)
      await new Promise((resolve) => setTimeout(resolve, 3_000))
      await real.cluster.controlPlane.restartApiServer(
        () => new Promise((resolve) => setTimeout(resolve, 2_000)),
      )
      const run = await running
      note('fault: API server restarted during a rollout', 'real', `${run.state}: ${run.outcome ?? ''}`)
      expect(['verified', 'succeeded', 'unknown']).toContain(run.state)
      await real.settled(180_000)
      await untilHealthy(real, runbook, 180_000)
    })

    it('a watch from a version that is forgotten ends in a new list, and old pods are never shown', {
      timeout: 300_000,
    }, async () => {
      await real.settled()
      const { controlPlane } = real.cluster
      const road = await roadTo(controlPlane.server)
      const connected = connectCluster({
        kubeconfig: real.kubeconfig
          .replace(controlPlane.server, road.server)
          // The certificate is the API server's, for its own address.
          .replace(/certificate-authority-data: .*/, 'insecure-skip-tls-verify: true'),
        practice: true,
        watchPods: true,
      })
      if (!connected.ok) throw new Error(connected.error.message)
      const seen = async () => {
        const pods = await connected.value.watched?.list(RESOURCE.Pod, { namespace: 'backend-services' })
        return pods?.ok
          ? pods.value.map((pod) => pod.metadata.name).sort()
          : (pods?.error.code ?? 'unwatched')
      }
      const there = async () =>
        JSON.parse(await real.must('get', 'pods', '-n', 'backend-services', '-o', 'json'))
          .items.map((pod: { metadata: { name: string } }) => pod.metadata.name)
          .sort()
      const same = async () => {
        const [ours, theirs] = [await seen(), await there()]
        if (JSON.stringify(ours) !== JSON.stringify(theirs)) throw new Error(`${ours} instead of ${theirs}`)
        return true
      }
      try {
        await until(same, 'the watch has begun', 30_000)
        road.cut()
        const before = await there()
        await real.must('delete', 'pods', '-l', 'app=backend-api', '-n', 'backend-services')
        await real.settled()
        expect(await there()).not.toEqual(before)
        await controlPlane.compact()
        // It keeps the last changes in memory: started anew it knows none from before the compaction.
        await controlPlane.restartApiServer()
        const from = readFileSync(controlPlane.auditLog, 'utf8').length
        expect(await seen(), 'nothing is shown that could not be looked at').toBeTypeOf('string')
        road.mend()
        // Until the watch stands again each look asks the API server itself.
        let asked: string[] = []
        await until(
          async () => {
            await same()
            asked = readFileSync(controlPlane.auditLog, 'utf8')
              .slice(from)
              .split('\n')
              .filter((line) => line.includes('"requestURI":"/api/v1/pods?'))
              .map((line) => JSON.parse(line))
              .filter(
                (event) => event.user.username === 'crashcart' && !event.userAgent?.startsWith('kubectl'),
              )
              .map((event) => event.verb)
            const [refused, listed] = [asked.indexOf('watch'), asked.indexOf('list')]
            if (refused < 0 || listed < refused || asked.indexOf('watch', listed) < 0)
              throw new Error(`asked so far: ${asked.join(', ')}`)
            return true
          },
          'the old watch is refused, then follow a list and a watch from it',
          60_000,
        )
        await same()
        note('fault: expired watch', 'real', `${asked.join(', ')}; no old pod shown`)
      } finally {
        road.close()
        connected.value.stop()
      }
      await untilHealthy(real, runbook, 180_000)
    })

    it('logs of which only what is new is read are the whole logs', { timeout: 180_000 }, async () => {
      await real.settled()
      const connected = connectCluster({ kubeconfig: real.kubeconfig, practice: true, watchPods: true })
      if (!connected.ok) throw new Error(connected.error.message)
      const { reader, watched, stop } = connected.value
      const from = readFileSync(real.cluster.controlPlane.auditLog, 'utf8').length
      const namespace = 'backend-services'
      const compare = async () => {
        const pods = await reader.list(RESOURCE.Pod, { namespace, labelSelector: 'app=backend-api' })
        if (!pods.ok || !watched) throw new Error('there are no pods to read')
        let lines = 0
        for (const pod of pods.value) {
          const instance = pod.status?.containerStatuses?.[0]?.containerID
          expect(instance).toBeTypeOf('string')
          const request = { namespace, pod: pod.metadata.name, container: 'backend-api' }
          const ours = await watched.recentLines({ ...request, instance })
          const whole = await reader.recentLines(request)
          if (!ours.ok || !whole.ok) throw new Error('a log could not be read')
          // What was written between the two questions is only in the second answer.
          expect(ours.value).toEqual(whole.value.slice(0, ours.value.length))
          lines += ours.value.length
        }
        return lines
      }
      try {
        const counts: number[] = []
        for (let i = 0; i < 3; i++) {
          counts.push(await compare())
          await new Promise((resolve) => setTimeout(resolve, 1_300))
        }
        expect(counts.at(-1)).toBeGreaterThan(counts[0] ?? 0)
        await real.must('rollout', 'restart', 'deployment/backend-api', '-n', namespace)
        await real.settled()
        await compare()
        const asked = readFileSync(real.cluster.controlPlane.auditLog, 'utf8').slice(from)
        expect(asked).toMatch(/\/log\?[^"]*sinceTime=/)
        note('fault: logs read by what is new', 'real', `${counts.join(', ')} lines, equal to the whole logs`)
      } finally {
        stop()
      }
    })

    it('an exec that is cut in the middle is unknown', { timeout: 180_000 }, async () => {
      const steps = ['connection-pool/check-connections-by-state', 'database-queries/check-index-usage']
      // Held still, PostgreSQL takes connections and answers nothing: psql waits in the pod.
      const database = real.cluster.agent.pod('storage', 'postgresql-primary-0')
      database.freeze()
      const looking = look(real, runbook, (id) => steps.includes(id))
      await new Promise((resolve) => setTimeout(resolve, 700))
      await real.cluster.controlPlane.restartApiServer(
        () => new Promise((resolve) => setTimeout(resolve, 1_000)),
      )
      database.thaw()
      const results = await looking
      note('fault: exec cut in the middle', 'real', results.map((one) => one.result.verdict).join(', '))
      expect(otherThan(results, 'unknown')).toEqual([])
      await untilHealthy(real, runbook, 180_000)
    })
  })
}

function describeResult(one: StepResult): string {
  return `${one.stepId}: ${one.result.verdict}, ${one.result.summary} ${one.result.findings.map((finding) => `${finding.title} ${finding.detail ?? ''}`).join('; ')}`
}
