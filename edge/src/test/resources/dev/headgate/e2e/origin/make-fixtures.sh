#!/bin/sh
# Makes the certificates of origins, and of the proxy as their client; all have the same key. Run it in this folder; every run makes them anew.
set -eu
D=36500

openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out key.pem
root() { # name
    openssl ecparam -name prime256v1 -genkey -noout -out "tmp.$1.key"
    openssl req -x509 -new -key "tmp.$1.key" -days $D -subj "/CN=$1" -addext basicConstraints=critical,CA:TRUE \
        -addext keyUsage=critical,keyCertSign,cRLSign -out "$1.crt"
}
issue() { # name, root, from, to, extensions
    openssl req -new -key key.pem -subj "/CN=$1" -out tmp.csr
    : > tmp.index
    printf '[ca]\ndefault_ca=us\n[us]\ndatabase=tmp.index\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\npolicy=any\nx509_extensions=ext\n' > tmp.cnf
    printf "[any]\ncommonName=supplied\n[ext]\n$5" >> tmp.cnf
    openssl ca -batch -notext -config tmp.cnf -cert "$2.crt" -keyfile "tmp.$2.key" -startdate "$3" -enddate "$4" -in tmp.csr -out "$1.crt"
}

root root
root stranger
root client-root
THEN=20200101000000Z
LATER=21200101000000Z
NAMES='DNS:localhost,DNS:example.test,DNS:*.example.test,IP:127.0.0.1,IP:::1'
SERVER="subjectAltName=$NAMES\nextendedKeyUsage=serverAuth\n"
issue origin root $THEN $LATER "$SERVER"
issue unknown stranger $THEN $LATER "$SERVER"
issue expired root $THEN 20210101000000Z "$SERVER"
issue early root $LATER 21210101000000Z "$SERVER"
issue client client-root $THEN $LATER "extendedKeyUsage=clientAuth\n"
openssl req -x509 -key key.pem -days $D -subj "/CN=self" -addext "subjectAltName=$NAMES" -out self-signed.crt
rm -f tmp.* [0-9A-F]*.pem
