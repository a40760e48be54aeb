/** RFC 9116; a test fails a month before it expires, so that somebody looks whether it still holds. */
export const securityText = `Contact: mailto:owner@research-relay.com
Expires: 2027-10-31T00:00:00Z
Preferred-Languages: en, de
Canonical: https://research-relay.com/.well-known/security.txt
`
