# Which versions of the images go. Input: [{app, id, path, digest, created, tags, children, blobs: [{digest, size}]}].
# $keep: commits that the host names; $now: seconds. Output: {kept: [id], delete: [version], bytes, fits}.

# GHCR's free space is 500 MB; some of it is for the next push.
def limit: 450e6;
# Beyond what the host names: at most so many of each app, as far as the space goes.
def newest: 5;
# A push under way, or a release that waits for its deploy.
def young: 86400;

# Blobs are stored once for each package.
def size: map(.app as $app | .blobs[] | {key: "\($app) \(.digest)", value: .size}) | from_entries | add // 0;

sort_by(.created) | reverse
| . as $all
| map(select((.tags - $keep) != .tags or (.tags | index("latest")) or ($now - (.created | fromdate) < young))) as $must
| ($all - $must | map(select(.tags != []))) as $others
| reduce $others[] as $each ($must;
    if (map(select(.app == $each.app)) | length) < newest and (. + [$each] | size) <= limit
    then . + [$each] else . end)
# A manifest without a tag may be one half of an index that stays.
| (map(.children[]) | unique) as $children
| . + ($all - . | map(select(.digest as $digest | $children | index($digest))))
| {kept: map(.id), delete: ($all - .), bytes: size, fits: (size <= limit)}
