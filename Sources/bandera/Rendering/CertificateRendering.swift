internal import Flags
internal import TLS

/// Certificates as the program shows them.
enum CertificateRendering {
    /// What a certificate says: name and value in rows, or an object.
    static func document(_ certificate: CertificateDescription) -> Document {
        let start = Timestamp(milliseconds: certificate.validity.notBeforeSeconds * 1_000)
        let end = Timestamp(milliseconds: certificate.validity.notAfterSeconds * 1_000)
        let table = Table(
            [.words(Texts.headingField), .words(Texts.headingValue)],
            rows: [
                [Texts.headingSubject, certificate.subject],
                [Texts.headingIssuer, certificate.issuer],
                [Texts.headingSerial, certificate.serial],
                [Texts.headingNames, certificate.alternativeNames.joined(separator: ", ")],
                [Texts.headingNotBefore, start.rfc3339],
                [Texts.headingNotAfter, end.rfc3339],
                [Texts.headingAuthority, FlagRendering.yesNo(certificate.isAuthority)],
                [Texts.headingFingerprint, certificate.fingerprint],
            ]
        )
        return Document(table: table) { json in
            json.beginObject()
            json.member("subject", certificate.subject)
            json.member("issuer", certificate.issuer)
            json.member("serial", certificate.serial)
            json.name("names")
            json.strings(certificate.alternativeNames)
            json.name("not_before")
            json.time(start)
            json.name("not_after")
            json.time(end)
            json.member("authority", certificate.isAuthority)
            json.member("sha256", certificate.fingerprint)
            json.endObject()
        }
    }
}
