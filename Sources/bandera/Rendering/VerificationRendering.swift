internal import BanderaClient
internal import ClientProtocol
internal import Flags

extension ClusterRendering {
    /// What all nodes have recorded, a row each.
    static func document(_ verification: ClusterVerification) -> Document {
        let table = Table(
            [
                .numbers(Texts.headingNode), .words(Texts.headingName),
                .words(Texts.headingRegion), .numbers(Texts.headingRevision),
                .words(Texts.headingDigest), .words(Texts.headingVerdict),
                .words(Texts.headingError),
            ],
            rows: verification.rows.map { row in
                [
                    String(row.node.id), row.node.name, row.node.region,
                    row.hash == nil ? "" : verification.revision.description,
                    row.hash.map(Self.digest) ?? "", Self.verdict(row, in: verification),
                    row.failure?.message ?? "",
                ]
            }
        )
        return Document(table: table) { json in
            json.beginObject()
            json.member("revision", verification.revision.rawValue)
            json.member("intact", verification.isIntact)
            json.members("nodes", verification.rows) { row, json in
                json.beginObject()
                json.member("id", row.node.id)
                json.member("name", row.node.name)
                json.member("region", row.node.region)
                json.name("digest")
                if let hash = row.hash { json.string(Self.digest(hash)) } else { json.null() }
                json.member("verdict", Self.verdict(row, in: verification))
                json.name("error")
                if let error = row.failure { json.string(error.message) } else { json.null() }
                json.endObject()
            }
            json.endObject()
        }
    }

    /// 16 hexadecimal digits, so that digests stand below each other.
    private static func digest(_ hash: UInt64) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func verdict(
        _ row: ClusterVerification.Row,
        in verification: ClusterVerification
    ) -> String {
        guard let hash = row.hash else { return Texts.verdictMissing }
        return hash == verification.common ? Texts.verdictSame : Texts.verdictDifferent
    }
}
