module toolchain/oci-runtime

go 1.26.0
