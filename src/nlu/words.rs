//! The words of a request in English, German and French. Every language is always understood;
//! phrases are in lower case, a space in them also stands for a hyphen.

/// Phrases with `|` between them.
pub(super) type Words = &'static str;

/// Whether a word is one of these.
pub(super) fn holds(words: Words, word: &str) -> bool {
    words.split('|').any(|known| known == word)
}

pub(super) const PERCENT: Words = "%|percent|per cent|pct|prozent|pour cent|pourcent|pourcents";

pub(super) const SEATS: Words = "seat|seats|user|users|licence|licences|license|licenses|people|reps|platz|plätze|\
    plätzen|plaetze|nutzer|nutzern|benutzer|lizenz|lizenzen|sitze|arbeitsplätze|poste|\
    postes|utilisateur|utilisateurs|siège|sièges|utilisatrices";

pub(super) const MONTHS: Words = "month|months|mo|mos|mth|mths|monat|monate|monaten|mois|monats";

pub(super) const YEARS: Words = "year|years|yr|yrs|y|jahr|jahre|jahren|jahres|an|ans|année|années";

pub(super) const DAYS: Words = "day|days|tag|tage|tagen|jour|jours|d";

/// Words for numbers; they count only before a unit.
pub(super) const NUMBERS: &[(Words, i64)] = &[
    ("one|ein|eine|einen|un", 1),
    ("two|zwei|deux", 2),
    ("three|drei|trois", 3),
    ("four|vier|quatre", 4),
    ("five|fünf|cinq", 5),
    ("six|sechs", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten|zehn|dix", 10),
    ("eleven", 11),
    ("twelve|zwölf|douze", 12),
    ("eighteen", 18),
    ("fifteen", 15),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];

/// Before a word for a number they are a part of it that is not read.
pub(super) const HUNDREDS: Words = "hundred|thousand|and|hundert|tausend|cent|mille|dozen|point";

/// What a number is multiplied with. `m` alone may also mean months.
pub(super) const SCALES: &[(Words, i64)] = &[
    ("k|thousand|grand|tausend|tsd|mille", 1_000),
    ("mio|mn|mln|million|millions|millionen", 1_000_000),
    ("lakh|lakhs", 100_000),
    ("crore|crores", 10_000_000),
];

/// Currencies and how they are written. A dollar alone is the policy's.
pub(super) const CURRENCIES: &[(Words, &str)] = &[
    ("us$|usd", "USD"),
    ("€|eur|euro|euros", "EUR"),
    ("£|gbp|pounds", "GBP"),
    ("chf|sfr|franken|francs", "CHF"),
    ("₹|inr|rs|rupees", "INR"),
    ("cad", "CAD"),
    ("aud", "AUD"),
    ("sek", "SEK"),
    ("dkk", "DKK"),
    ("nok", "NOK"),
    ("pln", "PLN"),
    ("¥|jpy|yen", "JPY"),
];

/// Stands before the currency of a price list.
pub(super) const IN_CURRENCY: Words = "in|en|in swiss|price in|prices in|priced in|pay in|paid in|\
    billed in|invoiced in|preise in|zahlen in|prix en|payer en";

pub(super) const DOLLARS: Words = "$|dollar|dollars|bucks";

/// Says that a figure comes off the price.
pub(super) const OFF: Words = "off|discount|less|cheaper|reduction|rebate|off the price|price cut|price reduction|\
    rabatt|nachlass|preisnachlass|skonto|günstiger|weniger|billiger|remise|de remise|\
    rabais|de rabais|de réduction|réduction|de moins|moins cher";

/// Before a figure that comes off the price.
pub(super) const OFF_BEFORE: Words = "discount of|discount|reduction of|rabatt von|rabatt|nachlass von|preisnachlass von|\
    nachlass|remise de|remise|rabais de|réduction de|price|preis|prix|knock off|knock|\
    take off|price down|reduce the price by|reduce by|discount is|price by|save|less";

pub(super) const OFF_LIST: Words = "list|the list|list price|the list price|list prices|off list|off the list|\
    off list price|off the list price|from list|from the list price|on list|\
    on the list price|below list|under list|vom listenpreis|auf den listenpreis|\
    auf listenpreis|auf liste|auf die liste|unter liste|sur le prix catalogue|\
    sur le tarif|sur le prix public|sur le catalogue|sur le tarif catalogue|\
    du prix catalogue|du tarif";

pub(super) const ON_PROGRAMME: Words = "on the programme|on programme|on top of the programme|on top of programme|\
    beyond the programme|off the programme|off programme|on the program|\
    on top of the program|beyond the program|off the program|on top of the tier|\
    auf das programm|auf den programmpreis|sur le programme|en plus du programme";

/// `85% of list` is a price, and no discount.
pub(super) const OF_PRICE: Words = "of list|of the list|of list price|of the list price|of the price|of price|of that|\
    of what|of the quote|des listenpreises|des preises|du prix";

pub(super) const MORE: Words =
    "more|additional|extra|mehr|weitere|zusätzliche|de plus|supplémentaires|en plus";

pub(super) const FEWER: Words = "fewer|less|weniger|de moins";

/// Before a percentage that is added to an earlier one.
pub(super) const ANOTHER: Words = "another|an additional|additional|a further|further|an extra|extra|weitere|weiteren|\
    nochmal|nochmals|noch|noch einmal|zusätzlich|zusätzliche|encore|one more";

/// Behind a percentage that is added to an earlier one.
pub(super) const MORE_OFF: Words = "more off|more discount|more on top|extra off|extra discount|additional discount|\
    mehr rabatt|mehr nachlass|weiteren rabatt|zusätzlichen rabatt|zusätzlich|\
    de remise supplémentaire|de remise en plus|supplémentaires|further discount|\
    on top of that";

pub(super) const MORE_ALONE: Words = "more|mehr|de plus|extra|en plus|on top";

/// Between two discounts that follow each other.
pub(super) const THEN: Words = "then|and then|plus|+|dann|und dann|puis|et puis|and|und|et";

pub(super) const RANGE: Words = "-|to|bis|à|or|oder|ou";

/// Behind a percentage that is no discount.
pub(super) const NO_DISCOUNT: Words = "vat|tax|taxes|mwst|tva|uptime|availability|sla|growth|increase|price increase|\
    uplift|commission|margin|interest|penalty|deposit|down payment|of the users|\
    of users|of our|of their|of people|of seats|of the seats|of the team|sure|certain|\
    verfügbarkeit|wachstum|preiserhöhung|anzahlung|steuer|de croissance|d'augmentation|\
    higher|more expensive|teurer|plus cher";

/// Before a percentage that is no discount.
pub(super) const NO_DISCOUNT_BEFORE: Words = "increase of|increase|increase by|uplift of|growth of|vat of|deposit of|sla of|\
    uptime of|margin of|commission of|penalty of|interest of|preiserhöhung von|\
    anzahlung von|marge von|augmentation de|marge de|cap of|capped at";

pub(super) const A_SEAT: Words = "a seat|per seat|each seat|/ seat|each|a user|per user|/ user|each user|a licence|\
    per licence|/ licence|a license|per license|/ license|pro platz|je platz|pro nutzer|\
    je nutzer|pro lizenz|je lizenz|pro benutzer|pro user|par utilisateur|par poste|\
    par siège|par licence|le poste|a head|per head|a piece|apiece|pp";

pub(super) const A_YEAR: Words = "a year|per year|/ year|/ yr|per annum|p . a .|p . a|pa|annually|yearly|each year|\
    every year|im jahr|pro jahr|jährlich|/ jahr|par an|/ an|l'an|annuel|annual|arr";

pub(super) const A_MONTH: Words = "a month|per month|/ month|/ mo|monthly|each month|every month|im monat|pro monat|\
    monatlich|/ monat|par mois|/ mois|mrr";

pub(super) const IN_TOTAL: Words = "in total|total|overall|all in|altogether|in all|for everything|for the whole thing|\
    for the whole contract|for the contract|for the deal|contract value|tcv|insgesamt|\
    gesamt|in summe|alles zusammen|au total|en tout|tout compris";

pub(super) const FREE: Words = "free|for free|free of charge|on us|waived|on the house|gratis|kostenlos|kostenfrei|\
    frei|umsonst|geschenkt|gratuit|gratuits|gratuite|gratuites|offert|offerts|offerte|\
    thrown in|included for free";

pub(super) const FREE_BEFORE: Words = "free|free for|free for the first|free the first|complimentary|throw in|throw in the|\
    waive|waive the|gratis|kostenloses|kostenlose|kostenlosen|freie|gratuite|gratuit";

pub(super) const ON_TOP: Words =
    "on top|on top of the term|in addition|obendrauf|zusätzlich|en plus";

pub(super) const INSIDE: Words = "inside|inside the term|innerhalb|inclus|inklusive";

/// Before a span of time that is neither a term nor free.
pub(super) const NO_TERM_BEFORE: Words = "in|last|the last|past|every|after|within|since|until|vor|nach|seit|alle|\
    innerhalb von|dans|après|depuis|in the last|notice of|another";

/// Behind a span of time that is neither a term nor free.
pub(super) const NO_TERM_AFTER: Words = "ago|notice|trial|free trial|pilot|later|old|kündigungsfrist|testphase|préavis|\
    d'essai|to decide|to think|into";

/// Before a number that is alone: days until payment.
pub(super) const NET: Words = "net|netto|n /|zahlungsziel|payment terms";

pub(super) const NET_BEFORE: Words = "net|netto|n /|due in|due within|due after|payment in|payment within|payment terms|\
    payment terms of|payment term of|payable in|payable within|pay in|pay within|\
    pays in|paid in|paid within|zahlbar in|zahlbar innerhalb von|zahlungsziel|\
    zahlungsziel von|zahlung in|zahlen in|paiement à|payable à|paiement sous|payer à|à|\
    règlement à";

pub(super) const NET_AFTER: Words = "net|netto|payment terms|payment term|payment|to pay|nets|net terms|terms|\
    fin de mois|zahlungsziel|to settle|de délai";

/// How it is billed: what is said, and the policy's usual word for it.
pub(super) const BILLING: &[(Words, &str)] = &[
    (
        "prepay|prepaid|pre paid|pre pay|upfront|up front|paid upfront|paid up front|\
     in advance|paid in advance|vorauskasse|im voraus|im voraus bezahlt|vorauszahlung|\
     payé d'avance|d'avance|prépayé",
        "prepay",
    ),
    (
        "annual|annually|yearly|billed annually|billed yearly|jährlich|annuel|annuelle|\
     paid annually|annual billing",
        "annual",
    ),
    ("monthly|billed monthly|monthly billing|monatlich|mensuel", "monthly"),
    ("quarterly|billed quarterly|vierteljährlich|quartalsweise|trimestriel", "quarterly"),
];

/// Half of the list price.
pub(super) const HALF_PRICE: Words =
    "half price|half off|halber preis|zum halben preis|moitié prix|à moitié prix";

/// A word behind a product's name that makes it one.
pub(super) const PLAN: Words = "plan|edition|tier|package|licence|licences|license|licenses|version|tarif|paket|\
    seats|users|offre|formule";

/// The same, of what is a plan and nothing else.
pub(super) const PLAN_ITSELF: Words = "plan|edition|tier|package|tarif|paket|offre|formule";

/// What plans are called elsewhere.
pub(super) const USUAL_PLANS: Words = "enterprise|business|professional|premium|basic|starter|essentials|essential|\
    ultimate|pro|gold|silver|platinum|bronze|lite|advanced|corporate";

/// Those of them that are hardly said of anything else.
pub(super) const PLANS_ONLY: Words = "enterprise|premium|starter|essentials|ultimate";

/// Before a word that is the name of a product and here is none: `the team`.
pub(super) const NOT_A_NAME: Words =
    "the|their|our|my|your|his|her|whole|a|das|ihr|unser|mein|leur|notre|mon|l'|sales";

/// Before a number that counts nothing.
pub(super) const NUMBERED: Words = "po|order|invoice|ref|nr|no|number|phone|call|tel|ticket|case|id|rechnung|bestellung|\
    commande|plz|zip|room|version|clause|section|page|until|end of|since|ende";

/// Words that say nothing about the deal, so that no one is told they were not used.
pub(super) const FILLER: Words = "a|still|about|again|all|also|an|and|are|around|as|ask|asks|at|back|be|but|buy|by|can|\
    clause|could|customer|deal|discount|do|for|from|get|give|good|got|has|have|he|her|\
    hey|hi|his|how|i|if|in|is|it|just|like|make|me|need|needs|of|offer|ok|okay|on|or|\
    our|plan|please|price|pricing|quote|between|most|said|say|says|seats|she|so|take|\
    term|thanks|that|the|their|them|then|they|this|to|up|us|want|wants|we|what|with|\
    would|year|you|contract|der|die|das|den|dem|ein|eine|und|oder|für|mit|auf|von|zu|im|\
    wir|sie|er|will|wollen|möchte|möchten|bitte|ich|es|rabatt|preis|vertrag|laufzeit|\
    bei|über|haben|hätten|gern|gerne|le|la|les|de|des|du|et|ou|pour|avec|sur|à|un|une|\
    ils|elle|il|nous|veut|veulent|demande|demandent|remise|prix|contrat|off|s'il|vous|\
    plaît|je|was|does|cost|costs|much|first|now|only|there|go|down|start|starting|\
    something|plus";
