#!/bin/sh
# Makes the test keys and certificates of this folder, in the current one, with OpenSSL 3.0.
set -e
D=36500
ca() { # name subject
  openssl req -x509 -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $1.key -out $1.crt -days $D -subj "/CN=$2" -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
}
issue() { # key name issuer ext days subject
  openssl req -new -key $1 -subj "$6" -out tmp.csr
  printf "%b" "$4" > tmp.ext
  openssl x509 -req -in tmp.csr -CA $3.crt -CAkey $3.key -CAcreateserial -days $5 -extfile tmp.ext -out $2.crt 2>/dev/null
}
SAN='subjectAltName=DNS:example.test,DNS:*.example.test,DNS:Upper.Example.Test,IP:192.0.2.1,IP:2001:db8::1\nextendedKeyUsage=serverAuth\n'
ca root "Headgate test root"
ca stranger "Headgate test stranger"
openssl ecparam -name prime256v1 -genkey -noout -out intermediate.key
issue intermediate.key intermediate root 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n' $D "/CN=Headgate test intermediate"
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pkcs8.pem 2>/dev/null
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa-other.pkcs8.pem 2>/dev/null
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa1024.pkcs8.pem 2>/dev/null
for c in P-256 P-384 P-521 secp256k1; do n=ec-$(echo $c | tr A-Z a-z | tr -d -); openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:$c -out $n.pkcs8.pem 2>/dev/null; done
openssl genpkey -algorithm ED25519 -out ed25519.pkcs8.pem
openssl genpkey -algorithm ED448 -out ed448.pkcs8.pem
for k in rsa rsa1024 ec-p256 ec-p384 ec-p521 ec-secp256k1 ed25519 ed448; do
  issue $k.pkcs8.pem $k intermediate "$SAN" $D "/CN=not.looked.at.test"
done
for k in rsa ec-p256 ec-p384 ec-p521 ed25519 ed448; do
  openssl pkcs8 -topk8 -in $k.pkcs8.pem -v2 aes-256-cbc -passout pass:correct -out $k.encrypted.pem
done
openssl pkcs8 -topk8 -in rsa.pkcs8.pem -v2 aes-128-cbc -v2prf hmacWithSHA512 -passout pass:correct -out rsa.encrypted-sha512.pem
openssl pkcs8 -topk8 -in rsa.pkcs8.pem -v2 aes-192-cbc -v2prf hmacWithSHA1 -passout pass:correct -out rsa.encrypted-sha1.pem
openssl pkcs8 -topk8 -in ec-p256.pkcs8.pem -v2 aes-256-cbc -passout pass:pässwört -out ec-p256.encrypted-utf8.pem
openssl pkcs8 -topk8 -in rsa.pkcs8.pem -scrypt -passout pass:correct -out rsa.encrypted-scrypt.pem
openssl pkcs8 -topk8 -in rsa.pkcs8.pem -v1 PBE-SHA1-3DES -passout pass:correct -out rsa.encrypted-pbes1.pem
openssl pkcs8 -topk8 -in rsa.pkcs8.pem -v2 des3 -passout pass:correct -out rsa.encrypted-des3.pem
openssl rsa -in rsa.pkcs8.pem -traditional -out rsa.pkcs1.pem 2>/dev/null
openssl rsa -in rsa.pkcs8.pem -traditional -aes256 -passout pass:correct -out rsa.legacy.pem 2>/dev/null
for k in ec-p256 ec-p384 ec-p521 ec-secp256k1; do openssl ec -in $k.pkcs8.pem -out $k.sec1.pem 2>/dev/null; done
openssl ec -in ec-p256.pkcs8.pem -aes256 -passout pass:correct -out ec-p256.legacy.pem 2>/dev/null
(openssl ecparam -name prime256v1; cat ec-p256.sec1.pem) > ec-p256.sec1-parameters.pem
openssl ec -in ec-p256.pkcs8.pem -param_enc explicit -out ec-p256.sec1-explicit.pem 2>/dev/null
# names
issue ec-p256.pkcs8.pem no-names intermediate 'extendedKeyUsage=serverAuth\n' $D "/CN=common.name.test"
# renewed: the same key again
issue ec-p256.pkcs8.pem short-lived intermediate "subjectAltName=DNS:short.test\n" 90 "/CN=short"
openssl req -x509 -key ec-p256.pkcs8.pem -days $D -subj "/CN=self" -addext subjectAltName=DNS:self.test -out self-signed.crt
openssl pkcs12 -export -inkey rsa.pkcs8.pem -in rsa.crt -certfile intermediate.crt -name headgate -passout pass:correct -out rsa.p12
openssl pkcs12 -export -inkey ec-p256.pkcs8.pem -in ec-p256.crt -certfile intermediate.crt -name headgate -passout pass:correct -out ec-p256.p12
openssl pkcs12 -export -inkey ed25519.pkcs8.pem -in ed25519.crt -certfile intermediate.crt -name headgate -passout pass:correct -out ed25519.p12
openssl pkcs12 -export -nokeys -in rsa.crt -passout pass:correct -out no-key.p12
openssl pkcs12 -export -inkey ec-p256.pkcs8.pem -in ec-p256.crt -certfile intermediate.crt -name headgate -keypbe NONE -passout pass:correct -out key-unencrypted.p12
rm -f tmp.* *.srl root.key stranger.key intermediate.key
