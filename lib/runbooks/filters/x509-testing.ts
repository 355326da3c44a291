/** Certificates that were made once for tests; their keys are nowhere. Valid from 2024 until 2074. */
export const VALID = `-----BEGIN CERTIFICATE-----
MIIB9jCCAZygAwIBAgIKAQIDBAUGBwgJCjAKBggqhkjOPQQDAjAvMRIwEAYDVQQK
DAlTaG9wLCBMdGQxGTAXBgNVBAMMEHNob3AuZXhhbXBsZS5jb20wIBcNMjQwMTAx
MDAwMDAwWhgPMjA3NDAxMDEwMDAwMDBaMC8xEjAQBgNVBAoMCVNob3AsIEx0ZDEZ
MBcGA1UEAwwQc2hvcC5leGFtcGxlLmNvbTBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABGsn6EfRIaXhDICP3VNdJJsZYe2v6SId6ukSX7s4Ju0o6QPnPNH77C8q7nX1
0TQ+dtvJTr+Y5z3D4zfxF1ydefGjgZ0wgZowRgYDVR0RBD8wPYIQc2hvcC5leGFt
cGxlLmNvbYcECgAAAYYjc3BpZmZlOi8vZXhhbXBsZS5jb20vbnMvc2hvcC9zYS93
ZWIwDAYDVR0TAQH/BAIwADAOBgNVHQ8BAf8EBAMCB4AwEwYDVR0lBAwwCgYIKwYB
BQUHAwEwHQYDVR0OBBYEFIIFcq6xAE49niMrXgSSFuiczco9MAoGCCqGSM49BAMC
A0gAMEUCIFAPMXrIlCuReyxSLwHdkUsWmqD3Pb9oq80aZNwCQjvGAiEAiU905F+Z
6xhu1p4vCR3rWZVxwUkH+EB3IfmSiS0ltVk=
-----END CERTIFICATE-----
`

/** Valid in 2024 only. */
export const OVER = `-----BEGIN CERTIFICATE-----
MIIB6zCCAZGgAwIBAgIBAjAKBggqhkjOPQQDAjAvMRIwEAYDVQQKDAlTaG9wLCBM
dGQxGTAXBgNVBAMMEHNob3AuZXhhbXBsZS5jb20wHhcNMjQwMTAxMDAwMDAwWhcN
MjUwMTAxMDAwMDAwWjAvMRIwEAYDVQQKDAlTaG9wLCBMdGQxGTAXBgNVBAMMEHNo
b3AuZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARrJ+hH0SGl
4QyAj91TXSSbGWHtr+kiHerpEl+7OCbtKOkD5zzR++wvKu519dE0PnbbyU6/mOc9
w+M38RdcnXnxo4GdMIGaMEYGA1UdEQQ/MD2CEHNob3AuZXhhbXBsZS5jb22HBAoA
AAGGI3NwaWZmZTovL2V4YW1wbGUuY29tL25zL3Nob3Avc2Evd2ViMAwGA1UdEwEB
/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMBMB0GA1Ud
DgQWBBSCBXKusQBOPZ4jK14EkhbonM3KPTAKBggqhkjOPQQDAgNIADBFAiEAwQx/
2Tyn9u66hGIPqY3flgE4PTlCuwIbCBEFWfXmpVICIGVoRp0JOOlvUea2Uxc40KPN
hBxkCXRUaAGF2LTtpJwa
-----END CERTIFICATE-----
`

/** What OpenSSL 3.0.19 prints of VALID with -text. A blank ends the lines that name extensions which are not critical. */
export const VALID_TEXT = `Certificate:
    Data:
        Version: 3 (0x2)
        Serial Number:
            01:02:03:04:05:06:07:08:09:0a
        Signature Algorithm: ecdsa-with-SHA256
        Issuer: O = "Shop, Ltd", CN = shop.example.com
        Validity
            Not Before: Jan  1 00:00:00 2024 GMT
            Not After : Jan  1 00:00:00 2074 GMT
        Subject: O = "Shop, Ltd", CN = shop.example.com
        Subject Public Key Info:
            Public Key Algorithm: id-ecPublicKey
                Public-Key: (256 bit)
                pub:
                    04:6b:27:e8:47:d1:21:a5:e1:0c:80:8f:dd:53:5d:
                    24:9b:19:61:ed:af:e9:22:1d:ea:e9:12:5f:bb:38:
                    26:ed:28:e9:03:e7:3c:d1:fb:ec:2f:2a:ee:75:f5:
                    d1:34:3e:76:db:c9:4e:bf:98:e7:3d:c3:e3:37:f1:
                    17:5c:9d:79:f1
                ASN1 OID: prime256v1
                NIST CURVE: P-256
        X509v3 extensions:
            X509v3 Subject Alternative Name:
                DNS:shop.example.com, IP Address:10.0.0.1, URI:spiffe://example.com/ns/shop/sa/web
            X509v3 Basic Constraints: critical
                CA:FALSE
            X509v3 Key Usage: critical
                Digital Signature
            X509v3 Extended Key Usage:
                TLS Web Server Authentication
            X509v3 Subject Key Identifier:
                82:05:72:AE:B1:00:4E:3D:9E:23:2B:5E:04:92:16:E8:9C:CD:CA:3D
    Signature Algorithm: ecdsa-with-SHA256
    Signature Value:
        30:45:02:20:50:0f:31:7a:c8:94:2b:91:7b:2c:52:2f:01:dd:
        91:4b:16:9a:a0:f7:3d:bf:68:ab:cd:1a:64:dc:02:42:3b:c6:
        02:21:00:89:4f:74:e4:5f:99:eb:18:6e:d6:9e:2f:09:1d:eb:
        59:95:71:c1:49:07:f8:40:77:21:f9:92:89:2d:25:b5:59
`.replace(/(?<=Name|Usage|Identifier):$/gm, ': ')
