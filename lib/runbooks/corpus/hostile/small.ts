/** A little of everything a runbook may hold. */
export const SMALL = `---
id: small
title: Small
placeholders:
  pod: { kind: pod, workload: deployment/web, namespace: shop }
  count: { label: Count, type: integer, min: 1, max: 9, default: 3 }
---
# Small {#small}

## Group

### 1. Web is slow {#web}

It answers late.

#### Symptoms

- Slow
- Slower

#### Checks

\`\`\`bash title="Look" min=1
# Look at the pods
kubectl get pods -n shop -l app=web -o json | jq -r '.items[].metadata.name' | sort | head -n 3
kubectl logs <pod> -n shop --tail=50 | grep -E "error|fatal" | wc -l
kubectl exec -it <pod> -n shop -- redis-cli -h redis INFO memory
kubectl exec deploy/web -n shop -- sh -c 'echo $HOME; curl -s http://localhost:8080/health'
\`\`\`

#### Fixes

\`\`\`console
$ kubectl scale deployment/web --replicas=<count> -n shop && kubectl rollout status deployment/web -n shop
$ kubectl patch deploy web -n shop --type=json -p '[{"op":"replace","path":"/spec/replicas","value":2}]'
$ kubectl delete pod $(kubectl get pods -n shop -o name | head -1)
$ kubectl apply -f - <<EOF
kind: ConfigMap
apiVersion: v1
metadata: { name: a }
EOF
$ for p in a b; do kubectl delete pod $p; done
$ NAME=web; kubectl get deploy \${NAME:-x} > out.txt 2>&1
\`\`\`

| a | b |
|---|---|
| c | d |
`
