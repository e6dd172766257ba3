internal import Flags

/// What a change came to, as the program shows it.
enum WriteRendering {
    /// A sentence, or an object with the revision.
    static func document(
        _ action: String,
        _ kind: String,
        _ name: String,
        at revision: Revision,
        in environment: EnvironmentID? = nil
    ) -> Document {
        Document(
            text: Texts.done(
                action,
                kind,
                name,
                in: environment?.description,
                revision: revision.description
            )
        ) { json in
            json.beginObject()
            json.member("action", action)
            json.member("kind", kind)
            if let environment { json.member("environment", environment.description) }
            json.member(kind == "flag" ? "key" : "id", name)
            json.member("revision", revision.rawValue)
            json.endObject()
        }
    }

    /// A token and its secret, which is shown this once.
    static func document(
        _ token: AccessToken,
        _ secret: TokenSecret,
        at revision: Revision
    ) -> Document {
        let done = self.document("create", "token", token.id, at: revision)
        return Document(text: "\(done.text)\n\(Texts.secret(secret.text))") { json in
            json.beginObject()
            json.member("action", "create")
            json.member("kind", "token")
            json.member("id", token.id)
            json.member("revision", revision.rawValue)
            json.member("secret", secret.text)
            json.endObject()
        }
    }
}
