"""The limits of embeds."""


def embeds(problems, found):
    """At most ten, 6,000 characters together."""
    problems.count(("embeds",), found, 0, 10)
    for index, embed in enumerate(found):
        _embed(problems, ("embeds", index), embed)
    if sum(map(_size, found)) > 6000:
        problems.add(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _embed(problems, path, embed):
    for key, most in (("title", 256), ("description", 4096)):
        if embed.get(key):
            problems.length((*path, key), embed[key], 0, most)
    if embed.get("footer"):
        problems.length((*path, "footer", "text"), embed["footer"].get("text"), 0, 2048)
    problems.count((*path, "fields"), embed.get("fields") or [], 0, 25)
    for index, field in enumerate(embed.get("fields") or ()):
        problems.length((*path, "fields", index, "name"), field.get("name"), 1, 256)
        problems.length((*path, "fields", index, "value"), field.get("value"), 1, 1024)


def _size(embed):
    parts = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
    for field in embed.get("fields") or ():
        parts += [field.get("name"), field.get("value")]
    return sum(len(part) for part in parts if part)
