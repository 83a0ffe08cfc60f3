module medseal.example/pkcs11

go 1.25.9

require github.com/ebitengine/purego v0.10.0
