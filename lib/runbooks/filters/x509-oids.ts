import 'server-only'

/**
 * Names that OpenSSL 3.0 has for object identifiers (`openssl list -objects`): short, long. What is not in a table is
 * never printed, since the tool may have a name for it.
 */
export const NAME_ATTRIBUTES: Record<string, readonly [short: string, long: string]> = {
  '2.5.4.3': ['CN', 'commonName'],
  '2.5.4.4': ['SN', 'surname'],
  '2.5.4.5': ['serialNumber', 'serialNumber'],
  '2.5.4.6': ['C', 'countryName'],
  '2.5.4.7': ['L', 'localityName'],
  '2.5.4.8': ['ST', 'stateOrProvinceName'],
  '2.5.4.9': ['street', 'streetAddress'],
  '2.5.4.10': ['O', 'organizationName'],
  '2.5.4.11': ['OU', 'organizationalUnitName'],
  '2.5.4.12': ['title', 'title'],
  '2.5.4.13': ['description', 'description'],
  '2.5.4.15': ['businessCategory', 'businessCategory'],
  '2.5.4.17': ['postalCode', 'postalCode'],
  '2.5.4.41': ['name', 'name'],
  '2.5.4.42': ['GN', 'givenName'],
  '2.5.4.43': ['initials', 'initials'],
  '2.5.4.46': ['dnQualifier', 'dnQualifier'],
  '2.5.4.97': ['organizationIdentifier', 'organizationIdentifier'],
  '0.9.2342.19200300.100.1.1': ['UID', 'userId'],
  '0.9.2342.19200300.100.1.25': ['DC', 'domainComponent'],
  '1.2.840.113549.1.9.1': ['emailAddress', 'emailAddress'],
  '1.2.840.113549.1.9.2': ['unstructuredName', 'unstructuredName'],
  '1.3.6.1.4.1.311.60.2.1.1': ['jurisdictionL', 'jurisdictionLocalityName'],
  '1.3.6.1.4.1.311.60.2.1.2': ['jurisdictionST', 'jurisdictionStateOrProvinceName'],
  '1.3.6.1.4.1.311.60.2.1.3': ['jurisdictionC', 'jurisdictionCountryName'],
}

/** Algorithms of signatures whose parameters the tool does not print. */
export const SIGNATURES: Record<string, string> = {
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.113549.1.1.14': 'sha224WithRSAEncryption',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1',
  '1.2.840.10045.4.3.1': 'ecdsa-with-SHA224',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.3.101.112': 'ED25519',
  '1.3.101.113': 'ED448',
}

/** Curves by name: bits, name, the name that NIST gives it. */
export const CURVES: Record<string, readonly [bits: number, name: string, nist?: string]> = {
  '1.2.840.10045.3.1.7': [256, 'prime256v1', 'P-256'],
  '1.3.132.0.10': [256, 'secp256k1'],
  '1.3.132.0.33': [224, 'secp224r1', 'P-224'],
  '1.3.132.0.34': [384, 'secp384r1', 'P-384'],
  '1.3.132.0.35': [521, 'secp521r1', 'P-521'],
}

/** Extensions: short name (of -ext), long name (of -text). */
export const EXTENSIONS: Record<string, readonly [short: string, long: string]> = {
  '2.5.29.14': ['subjectKeyIdentifier', 'X509v3 Subject Key Identifier'],
  '2.5.29.15': ['keyUsage', 'X509v3 Key Usage'],
  '2.5.29.17': ['subjectAltName', 'X509v3 Subject Alternative Name'],
  '2.5.29.18': ['issuerAltName', 'X509v3 Issuer Alternative Name'],
  '2.5.29.19': ['basicConstraints', 'X509v3 Basic Constraints'],
  '2.5.29.30': ['nameConstraints', 'X509v3 Name Constraints'],
  '2.5.29.31': ['crlDistributionPoints', 'X509v3 CRL Distribution Points'],
  '2.5.29.32': ['certificatePolicies', 'X509v3 Certificate Policies'],
  '2.5.29.35': ['authorityKeyIdentifier', 'X509v3 Authority Key Identifier'],
  '2.5.29.37': ['extendedKeyUsage', 'X509v3 Extended Key Usage'],
  '2.16.840.1.113730.1.1': ['nsCertType', 'Netscape Cert Type'],
  '2.16.840.1.113730.1.13': ['nsComment', 'Netscape Comment'],
  '1.3.6.1.5.5.7.1.1': ['authorityInfoAccess', 'Authority Information Access'],
  '1.3.6.1.4.1.11129.2.4.2': ['ct_precert_scts', 'CT Precertificate SCTs'],
}

export const KEY_PURPOSES: Record<string, string> = {
  '1.3.6.1.5.5.7.3.1': 'TLS Web Server Authentication',
  '1.3.6.1.5.5.7.3.2': 'TLS Web Client Authentication',
  '1.3.6.1.5.5.7.3.3': 'Code Signing',
  '1.3.6.1.5.5.7.3.4': 'E-mail Protection',
  '1.3.6.1.5.5.7.3.5': 'IPSec End System',
  '1.3.6.1.5.5.7.3.6': 'IPSec Tunnel',
  '1.3.6.1.5.5.7.3.7': 'IPSec User',
  '1.3.6.1.5.5.7.3.8': 'Time Stamping',
  '1.3.6.1.5.5.7.3.9': 'OCSP Signing',
  '1.3.6.1.5.5.7.3.17': 'ipsec Internet Key Exchange',
  '1.3.6.1.4.1.311.10.3.3': 'Microsoft Server Gated Crypto',
  '1.3.6.1.4.1.311.20.2.2': 'Microsoft Smartcard Login',
  '2.16.840.1.113730.4.1': 'Netscape Server Gated Crypto',
  '2.5.29.37.0': 'Any Extended Key Usage',
}

export const ACCESS_METHODS: Record<string, string> = {
  '1.3.6.1.5.5.7.48.1': 'OCSP',
  '1.3.6.1.5.5.7.48.2': 'CA Issuers',
}

/** Arcs of companies in which OpenSSL has names: under 1.3.6.1.4.1 and under 2.16.840.1. */
const NAMED_ENTERPRISES = new Set(['188', '311', '1466', '1722', '3029', '11129', '11591'])
const NAMED_IN_US = new Set(['101', '113730'])

/** A policy as the tool prints it: its name, or its figures where it has none. undefined where that is not known. */
export function policyName(oid: string): string | undefined {
  if (oid === '2.5.29.32.0') return 'X509v3 Any Policy'
  // The CA/Browser Forum's.
  if (oid.startsWith('2.23.140.1.')) return oid
  const enterprise = /^1\.3\.6\.1\.4\.1\.(\d+)\./.exec(oid)?.[1]
  if (enterprise !== undefined) return NAMED_ENTERPRISES.has(enterprise) ? undefined : oid
  const inUs = /^2\.16\.840\.1\.(\d+)\./.exec(oid)?.[1]
  return inUs === undefined || NAMED_IN_US.has(inUs) ? undefined : oid
}
