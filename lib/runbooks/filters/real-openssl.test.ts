import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyFilters } from '.'

/** OpenSSL 3.0 and 3.1 print what is followed here; others print names without blanks. */
const real = /^OpenSSL 3\.[01]\./.test(spawnSync('openssl', ['version']).stdout?.toString() ?? '')

const folder = real ? mkdtempSync(path.join(tmpdir(), 'crashcart-openssl-')) : ''
afterAll(() => folder && rmSync(folder, { recursive: true }))

/** The lists of timestamps of two logs, as RFC 6962 section 3.3 has them. */
function timestamps(): string {
  const one = (log: number, at: bigint, signature: number) => {
    const time = Buffer.alloc(8)
    time.writeBigUInt64BE(at)
    const body = Buffer.concat([
      Buffer.from([0]),
      Buffer.alloc(32, log),
      time,
      Buffer.from([0, 0, 4, 3, 0, signature]),
      Buffer.alloc(signature, log + 1),
    ])
    return Buffer.concat([Buffer.from([0, body.length]), body])
  }
  const all = Buffer.concat([one(0xa1, 1_700_000_000_123n, 71), one(0x0b, 1_699_999_999_000n, 64)])
  const list = Buffer.concat([Buffer.from([all.length >> 8, all.length & 255]), all])
  return Buffer.concat([Buffer.from([4, 0x81, list.length]), list]).toString('hex')
}

const EXTENSIONS: Record<string, string> = {
  server: `basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=DNS:shop.example.com,DNS:*.example.com,IP:10.0.0.1,IP:fe80::1:0,email:a@b.example,URI:spiffe://example.com/ns/a/sa/b
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
crlDistributionPoints=URI:http://crl.example.com/a.crl,URI:http://crl.example.com/b.crl
authorityInfoAccess=OCSP;URI:http://ocsp.example.com,caIssuers;URI:http://ca.example.com/ca.crt
certificatePolicies=2.23.140.1.2.1,1.3.6.1.4.1.44947.1.1.1,2.16.840.1.114412.1.1
1.3.6.1.4.1.11129.2.4.2=DER:${timestamps()}`,
  authority: `basicConstraints=critical,CA:TRUE,pathlen:1
keyUsage=critical,digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment,keyAgreement,keyCertSign,cRLSign,encipherOnly,decipherOnly
extendedKeyUsage=critical,codeSigning,emailProtection,timeStamping,OCSPSigning,anyExtendedKeyUsage
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid:always,issuer:always
issuerAltName=email:ca@example.com
subjectAltName=dirName:place
certificatePolicies=2.5.29.32.0,@policy
nameConstraints=critical,permitted;DNS:example.com,permitted;email:.example.com,excluded;URI:.example.org
crlDistributionPoints=lists
nsComment=Made for a test
nsCertType=client,server,email,objsign,sslCA
[place]
C=DE
O=x, y/z
CN=Ä
[policy]
policyIdentifier=1.3.6.1.4.1.99999.1
CPS.1=http://cps.example.com/
CPS.2=http://cps.example.com/2
userNotice.1=@notice
[notice]
explicitText=UTF8:Read it
[lists]
fullname=URI:http://a.example.com/1,URI:http://a.example.com/2`,
  none: '',
}

const NAMES: Record<string, string> = {
  plain: '/C=DE/ST=Berlin/L=Berlin/O=Shop/OU=On call/CN=shop.example.com/emailAddress=a@b.example',
  odd: '/O=Müller, "A\\\\B" & Co. <x>;y#/OU=#sharp /CN= x /CN=#/serialNumber=5\\/6/DC=example/UID=u/street=Äöß€𝄞/title==a=/GN=日本',
  pairs: '/O=a+OU=b/CN=x+UID=y+DC=z',
  empty: '/',
}

/** Key, name, extensions, further words. */
const CERTIFICATES: Record<string, readonly [key: string, name: string, extensions: string, more?: string]> =
  {
    'RSA server': ['rsa:2048', 'plain', 'server'],
    'P-256 authority': ['ec -pkeyopt ec_paramgen_curve:P-256', 'plain', 'authority', '-sha384'],
    'P-384, odd name': ['ec -pkeyopt ec_paramgen_curve:P-384', 'odd', 'server', '-set_serial 0x0102'],
    'P-521, pairs in its name': [
      'ec -pkeyopt ec_paramgen_curve:P-521',
      'pairs',
      'none',
      '-sha512 -set_serial 1',
    ],
    'Ed25519, no name': ['ed25519', 'empty', 'server', '-set_serial 0xffffffffffffffff'],
    'RSA of 1000 bits, negative serial': ['rsa:1000', 'odd', 'none', '-set_serial -300 -sha1 -days 20000'],
    'secp256k1, serial of 63 bits': [
      'ec -pkeyopt ec_paramgen_curve:secp256k1',
      'plain',
      'none',
      '-set_serial 0x7fffffffffffffff',
    ],
    'Ed448, serial -1': ['ed448', 'pairs', 'server', '-set_serial -1'],
  }

const made = new Map<string, string>()

beforeAll(() => {
  if (!real) return
  for (const [title, [key, name, extensions, more = '']] of Object.entries(CERTIFICATES)) {
    const config = path.join(folder, 'x.cnf')
    writeFileSync(
      config,
      `[req]\ndistinguished_name=dn\n${extensions === 'none' ? '' : 'x509_extensions=x\n'}[dn]\n[x]\n${EXTENSIONS[extensions]}\n`,
    )
    const words = [
      'req',
      '-x509',
      '-newkey',
      ...key.split(' '),
      '-nodes',
      '-keyout',
      path.join(folder, 'key.pem'),
    ]
    const run = spawnSync('openssl', [
      ...words,
      '-config',
      config,
      '-utf8',
      '-multivalue-rdn',
      '-subj',
      NAMES[name] as string,
      ...more.split(' ').filter(Boolean),
    ])
    if (run.status !== 0) throw new Error(`${title}: ${run.stderr}`)
    made.set(title, run.stdout.toString())
  }
  // BMPString and T61String, as old certificates have them.
  for (const [title, mask] of Object.entries({ 'wide strings': 'MASK:0x800', 'T61 strings': 'MASK:0x4' })) {
    const config = path.join(folder, 'names.cnf')
    writeFileSync(
      config,
      `[req]\ndistinguished_name=dn\nprompt=no\nutf8=yes\nstring_mask=${mask}\n[dn]\nO=Müller, X\nCN=shop\n`,
    )
    const words = `req -x509 -key ${path.join(folder, 'key.pem')} -config ${config}`
    const run = spawnSync('openssl', words.split(' '))
    if (run.status !== 0) throw new Error(`${title}: ${run.stderr}`)
    made.set(title, run.stdout.toString())
  }
  made.set(
    'a chain behind its key',
    readFileSync(path.join(folder, 'key.pem'), 'utf8') + made.get('RSA server') + made.get('P-256 authority'),
  )
  made.set(
    'text and other line ends',
    `Bag Attributes\n  x: y\n${made.get('RSA server')}more\n`.replaceAll('\n', '\r\n'),
  )
})

const WORDS = [
  '-noout -text',
  '--noout --text',
  '-text',
  '-noout -dates -subject',
  '-subject -noout -issuer -dates -serial',
  '-noout -subject -startdate -subject -enddate -dates -startdate',
  '-noout -enddate -dateopt iso_8601',
  '-noout -fingerprint',
  '-noout -fingerprint -sha256',
  '-noout -SHA384 -fingerprint -md5',
  '-noout -fingerprint -sha1 -serial',
  '-noout -pubkey -modulus',
  '-pubkey',
  '',
  '-noout',
  '-nocert -serial',
  '-noout -hash -issuer_hash -subject_hash_old -issuer_hash_old',
  '-noout -ext subjectAltName',
  '-noout -ext=keyUsage,extendedKeyUsage -subject',
  '-noout -text -ext basicConstraints',
  '-noout -checkend 86400 -subject',
  '-checkend 3000000 -enddate',
  '-noout -checkhost shop.example.com',
  '-noout -checkhost other.org -checkip 10.0.0.1 -checkemail a@b.example',
  '-noout -email -ocsp_uri',
  '-noout -subject -issuer -nameopt RFC2253',
  '-noout -subject -nameopt multiline',
  '-noout -text -nameopt multiline,utf8,-esc_msb',
  '-noout -subject -nameopt oneline,-esc_msb',
  '-noout -subject -nameopt compat',
  '-noout -subject -nameopt utf8',
  '-noout -subject -nameopt sep_semi_plus_space,lname,space_eq,esc_2253,utf8',
  '-noout -subject -nameopt sep_comma_plus,dn_rev,nofname,use_quote,esc_msb',
  '-noout -subject -nameopt RFC2253,sep_multiline -nameopt lname,align',
  '-noout -subject -nameopt oid,esc_ctrl',
  '-inform PEM -noout -subject',
]

/** Of the others these; starting the tool takes most of the time. */
const FEW = [
  '-noout -text',
  '-noout -subject -issuer -serial -dates -hash -subject_hash_old -pubkey -modulus -email',
  '-noout -subject -nameopt multiline',
  '-noout -subject -nameopt RFC2253',
]
const ALL_OF = ['RSA server', 'P-384, odd name', 'P-256 authority']

describe.skipIf(!real)('openssl x509 (skipped where there is no OpenSSL 3.0 or 3.1)', () => {
  const titles = [...Object.keys(CERTIFICATES), 'wide strings', 'T61 strings']
  it.each([...titles, 'a chain behind its key', 'text and other line ends'])(
    'prints of %s what openssl prints',
    { timeout: 60_000 },
    async (title) => {
      const input = made.get(title) as string
      for (const words of ALL_OF.includes(title) ? WORDS : FEW) {
        const argv = ['openssl', 'x509', ...words.split(' ').filter(Boolean)]
        const said = spawnSync('openssl', argv.slice(1), { input })
        const ours = await applyFilters(input, [{ program: 'openssl', argv }])
        expect(ours.ok ? ours.value.text : ours.error.message, `${title}: ${words}`).toBe(
          said.stdout.toString(),
        )
      }
    },
  )
})
