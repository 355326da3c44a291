/** Which real program stands behind which image. A new one is a file in parts/ and a line here. */
import type { KubeApi } from './kube-api'
import { backendApiPart } from './parts/backend-api'
import { kafkaPart } from './parts/kafka'
import { kongPart } from './parts/kong'
import { plainPart } from './parts/plain'
import { postgresPart } from './parts/postgres'
import { prometheusPart } from './parts/prometheus'
import { redisPart } from './parts/redis'
import type { Part } from './parts/types'

/** The first part whose pattern matches an image; everything unknown is a plain HTTP service. */
export function partsOf(options: {
  password: string
  replication: string
  kafkaClassPath: string
  api: KubeApi
}): (image: string) => Part {
  const parts = [
    postgresPart(options),
    redisPart(),
    kafkaPart(options.kafkaClassPath),
    prometheusPart(options.api),
    backendApiPart(options.api),
    kongPart(),
  ]
  const plain = plainPart()
  return (image) => parts.find((part) => part.image.test(image)) ?? plain
}
