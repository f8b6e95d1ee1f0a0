//! What searches know of the language and of the shop's kinds of things: data, in the order of the alphabet.

/// Words that are in nearly every text.
pub const NOISE: &[&str] = &[
    "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is", "it", "its", "of", "on", "or",
    "our", "that", "the", "their", "this", "to", "was", "we", "with", "you", "your",
];

/// How words begin in British spelling, and in American.
pub const SPELLINGS: &[(&str, &str)] = &[
    ("aeroplane", "airplane"),
    ("analogue", "analog"),
    ("armour", "armor"),
    ("behaviour", "behavior"),
    ("calibre", "caliber"),
    ("catalogue", "catalog"),
    ("centre", "center"),
    ("cheque", "check"),
    ("colour", "color"),
    ("cosy", "cozy"),
    ("dialogue", "dialog"),
    ("favour", "favor"),
    ("fibre", "fiber"),
    ("flavour", "flavor"),
    ("grey", "gray"),
    ("harbour", "harbor"),
    ("honour", "honor"),
    ("humour", "humor"),
    ("jewellery", "jewelry"),
    ("labour", "labor"),
    ("licence", "license"),
    ("litre", "liter"),
    ("lustre", "luster"),
    ("metre", "meter"),
    ("mould", "mold"),
    ("neighbour", "neighbor"),
    ("odour", "odor"),
    ("organis", "organiz"),
    ("parlour", "parlor"),
    ("plough", "plow"),
    ("programme", "program"),
    ("pyjama", "pajama"),
    ("rumour", "rumor"),
    ("sombre", "somber"),
    ("spectre", "specter"),
    ("theatre", "theater"),
    ("traveller", "traveler"),
    ("travelling", "traveling"),
    ("tyre", "tire"),
    ("vapour", "vapor"),
    ("vigour", "vigor"),
];

/// What people call things of a category, beside its name. Plurals need not be named.
pub const CATEGORIES: &[(&str, &str)] = &[
    ("art", "artwork picture print poster drawing illustration painting wall"),
    ("books", "book ebook novel story reading fiction literature text"),
    ("courses", "course lesson class tutorial workshop learning teaching guide"),
    ("fonts", "font type typeface typography lettering letters family"),
    ("games", "game play puzzle adventure"),
    ("models", "model 3d printing stl printable object"),
    ("music", "song album track record audio listen tune single"),
    ("paper", "paper pattern craft sewing knitting origami printable stationery"),
    ("records", "record vinyl lp print poster press physical"),
    ("software", "program app application tool utility"),
    ("sounds", "sound loop sample effect audio noise field recording"),
    ("templates", "template spreadsheet data form document sheet"),
];
