-- What İştirak remembers. Read this page first.
--
-- Times are UTC milliseconds (INTEGER) unless a comment says otherwise. Local dates and hours stand only in `sessions`.
-- Every promise of the kind "only once" is a UNIQUE or PRIMARY KEY below, not an `if` somewhere in the code.

-- Small facts about this database: whether it belongs to the sandbox, the last sign of life, whether the last stop was clean,
-- which alerts were told, which revision of a session the women know. The schema's version is PRAGMA user_version.
CREATE TABLE facts (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The programme as it was last applied from a file; `programme plan` compares with it. One row.
CREATE TABLE programme (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    body       TEXT NOT NULL,                 -- canonical JSON of the applied file
    applied_at INTEGER NOT NULL
) STRICT;

-- The regions in which trainings are held. Their names and case forms are in `words`.
CREATE TABLE regions (
    id       TEXT PRIMARY KEY,                -- 'lankaran'
    position INTEGER NOT NULL,                -- order in lists
    places   INTEGER NOT NULL CHECK (places >= 0),
    contact  TEXT NOT NULL DEFAULT '',        -- a phone number the women may call; '' when there is none
    opens    TEXT NOT NULL DEFAULT '',        -- local date on which registration opens, 'YYYY-MM-DD'; '' always
    closes   TEXT NOT NULL DEFAULT ''         -- local date, the last one of registration; '' until its first session begins
) STRICT, WITHOUT ROWID;

-- Of a group at most so many places in a region; a group without a row may take any.
CREATE TABLE quotas (
    region    TEXT NOT NULL REFERENCES regions (id),
    group_key TEXT NOT NULL,                  -- choice key of the registration's 'group' question
    places    INTEGER NOT NULL CHECK (places >= 0),
    PRIMARY KEY (region, group_key)
) STRICT, WITHOUT ROWID;

-- The training days: one session is one day in one region. Local date and hours, with the name of their zone.
CREATE TABLE sessions (
    id        TEXT PRIMARY KEY,               -- 'lankaran-1'
    region    TEXT NOT NULL REFERENCES regions (id),
    date      TEXT NOT NULL,                  -- local, 'YYYY-MM-DD'
    starts    TEXT NOT NULL,                  -- local, 'HH:MM'
    ends      TEXT NOT NULL,                  -- local, 'HH:MM'
    zone      TEXT NOT NULL,                  -- 'Asia/Baku'
    starts_at INTEGER NOT NULL,               -- the same moments in UTC ms, for the clock to compare
    ends_at   INTEGER NOT NULL,
    latitude  REAL NOT NULL,
    longitude REAL NOT NULL,
    revision  INTEGER NOT NULL DEFAULT 0,     -- rises with each change of date, hour or venue
    state     TEXT NOT NULL DEFAULT 'planned' CHECK (state IN (
        'planned',                            -- it will be, or was, held
        'cancelled'))                         -- it is not held: no reminder, no survey
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_region ON sessions (region, starts_at);

-- The texts of data, a row per language; Azerbaijani is the fallback.
CREATE TABLE words (
    subject  TEXT NOT NULL,                   -- 'programme', 'region:lankaran', 'session:lankaran-1'
    field    TEXT NOT NULL,                   -- region: 'name', 'in' (Lənkəranda); session: 'topic', 'venue', 'address'; programme: 'name', 'organiser', 'funders'
    language TEXT NOT NULL,                   -- 'az', 'ru', 'en'
    text     TEXT NOT NULL,
    PRIMARY KEY (subject, field, language)
) STRICT, WITHOUT ROWID;

-- The women, and everyone else who talks to the bot. AUTOINCREMENT: the number of an erased person is never given again.
CREATE TABLE people (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    state         TEXT NOT NULL DEFAULT 'visitor' CHECK (state IN (
        'visitor',                            -- has written to the bot, is not registered
        'registered',                         -- takes part
        'waiting',                            -- her registration is complete, but she has no place: see `places`
        'withdrawn',                          -- was registered and left; keeps her record until it is erased
        'merged')),                           -- was another record of a woman, see `merges`; takes no part in anything
    language      TEXT NOT NULL DEFAULT 'az',
    name          TEXT NOT NULL DEFAULT '',
    region        TEXT REFERENCES regions (id),
    group_key     TEXT NOT NULL DEFAULT '',   -- choice key of the registration's 'group' question
    phone         TEXT NOT NULL DEFAULT '',   -- E.164, or ''
    created_at    INTEGER NOT NULL,
    registered_at INTEGER,
    age           TEXT NOT NULL DEFAULT '',   -- choice key of the registration's 'age' question
    via           TEXT NOT NULL DEFAULT 'chat' CHECK (via IN (
        'chat',                               -- she wrote to the bot herself
        'helper',                             -- somebody of the team registered her
        'roster')),                           -- she stood on a sheet that an organiser sent
    joined        INTEGER NOT NULL DEFAULT 0, -- rises from woman to woman: who joined her region, or came back, after whom
    door          TEXT NOT NULL DEFAULT ''    -- code of the door by which she came in first; '' for none
) STRICT;
CREATE INDEX people_by_door ON people (door) WHERE door <> '';
CREATE INDEX people_by_region ON people (region, joined) WHERE state = 'registered';
-- Each reminder goes through the women of a region once, in this order, and remembers how far it came (storage/reminders.py):
-- a tick with nothing due is as short with 100,000 women as with ten. Who will come after all is looked at again.
-- Triggers, so that no statement that brings a woman into a region can forget it: nobody would remind her. And a counter, not
-- the highest number that stands here: it must not be given again when the last woman leaves.
CREATE TRIGGER people_join AFTER UPDATE OF state, region ON people WHEN new.state = 'registered' BEGIN
    INSERT INTO facts (name, value) VALUES ('joined', '1') ON CONFLICT (name) DO UPDATE SET value = value + 1;
    UPDATE people SET joined = (SELECT value FROM facts WHERE name = 'joined') WHERE id = new.id;
END;

-- Possible doubles: two records that may be one woman, by phone or by a like name in the same region.
CREATE TABLE doubles (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    one      INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    other    INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    state    TEXT NOT NULL DEFAULT 'open' CHECK (state IN (
        'open',                               -- waits for an organiser
        'different',                          -- they are two women
        'merged')),                           -- they were one
    noted_at INTEGER NOT NULL,
    UNIQUE (one, other),
    CHECK (one < other)
) STRICT;
CREATE INDEX doubles_of_other ON doubles (other);

-- Women whose record is new, or changed, and was not held against the others yet. By a trigger: none can be forgotten.
CREATE TABLE uncompared (
    person INTEGER PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX people_by_phone ON people (phone) WHERE phone <> '';
CREATE INDEX people_waiting ON people (region) WHERE state = 'waiting';
CREATE INDEX people_helped ON people (created_at) WHERE via = 'helper' AND state = 'visitor';
CREATE TRIGGER people_changed AFTER UPDATE OF state, name, region, phone ON people
WHEN new.state IN ('registered', 'waiting') AND (old.state NOT IN ('registered', 'waiting')
    OR old.name <> new.name OR old.region IS NOT new.region OR old.phone <> new.phone)
BEGIN
    INSERT INTO uncompared (person) VALUES (new.id) ON CONFLICT (person) DO NOTHING;
END;

-- Two records that were one woman: what was moved from `gone` to `kept`, so that it can be undone for 30 days.
CREATE TABLE merges (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    double    INTEGER NOT NULL REFERENCES doubles (id) ON DELETE CASCADE,
    kept      INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    gone      INTEGER NOT NULL UNIQUE REFERENCES people (id) ON DELETE CASCADE,
    body      TEXT NOT NULL,                  -- JSON: keys of rows, chats, places; no answers
    merged_at INTEGER NOT NULL
) STRICT;
CREATE INDEX merges_of_kept ON merges (kept);
CREATE INDEX merges_of_double ON merges (double);

-- A woman's place in a region, or her number on its waiting list. Held and offered together are never more than the region
-- has places, and of a group never more than its quota: only an organiser goes above, with a reason.
CREATE TABLE places (
    person     INTEGER PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
    region     TEXT NOT NULL REFERENCES regions (id),
    group_key  TEXT NOT NULL DEFAULT '',      -- the group under whose quota it counts
    number     INTEGER NOT NULL UNIQUE,       -- rises from one who asks to the next, and is never given again
    state      TEXT NOT NULL CHECK (state IN (
        'held',                               -- she takes part
        'waiting',                            -- there was no place when she asked
        'offered',                            -- a place is kept for her until she answers, or the term is over
        'declined',                           -- she did not want the one offered; she may go back to the end of the list
        'lapsed')),                           -- she did not answer in time; she may go back, too
    asked_at   INTEGER NOT NULL,
    offered_at INTEGER,
    offer_ends INTEGER,                       -- the term that she was told
    reason     TEXT NOT NULL DEFAULT '',      -- why an organiser gave it, past the list or above the number of places
    told_at    INTEGER                        -- when she heard that the list ended before her turn; NULL: she has not
) STRICT;
CREATE INDEX places_waiting ON places (region, number) WHERE state = 'waiting';
CREATE INDEX places_of_group ON places (region, group_key, number) WHERE state = 'waiting';
CREATE INDEX places_untold ON places (region, number) WHERE state = 'waiting' AND told_at IS NULL;
CREATE INDEX places_offered ON places (offer_ends) WHERE state = 'offered';

-- How many places of a region each group has taken, held and offered. Kept by the triggers below, so that nobody counts.
CREATE TABLE taken (
    region    TEXT NOT NULL REFERENCES regions (id),
    group_key TEXT NOT NULL,
    number    INTEGER NOT NULL,
    PRIMARY KEY (region, group_key)
) STRICT, WITHOUT ROWID;
-- Whoever holds a place is registered, whoever asked for one and holds none is waiting.
CREATE TRIGGER places_new AFTER INSERT ON places BEGIN
    INSERT INTO taken (region, group_key, number)
    SELECT new.region, new.group_key, 1 WHERE new.state IN ('held', 'offered')
    ON CONFLICT (region, group_key) DO UPDATE SET number = number + 1;
    UPDATE people SET state = iif(new.state = 'held', 'registered', 'waiting')
    WHERE id = new.person AND state <> iif(new.state = 'held', 'registered', 'waiting');
END;
CREATE TRIGGER places_changed AFTER UPDATE OF region, group_key, state ON places BEGIN
    UPDATE taken SET number = number - 1
    WHERE region = old.region AND group_key = old.group_key AND old.state IN ('held', 'offered');
    INSERT INTO taken (region, group_key, number)
    SELECT new.region, new.group_key, 1 WHERE new.state IN ('held', 'offered')
    ON CONFLICT (region, group_key) DO UPDATE SET number = number + 1;
    UPDATE people SET state = iif(new.state = 'held', 'registered', 'waiting')
    WHERE id = new.person AND state <> iif(new.state = 'held', 'registered', 'waiting');
END;
CREATE TRIGGER places_freed AFTER DELETE ON places BEGIN
    UPDATE taken SET number = number - 1
    WHERE region = old.region AND group_key = old.group_key AND old.state IN ('held', 'offered');
END;

-- A place that an organiser is about to give past the list: its reason is awaited, then her last word. One a user.
CREATE TABLE overrides (
    user    INTEGER PRIMARY KEY,              -- Telegram user id
    person  INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    reason  TEXT NOT NULL DEFAULT '',         -- '' while it is awaited
    made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX overrides_of_person ON overrides (person);

-- Private chats with the bot. `id` is Telegram's chat id (for a private chat the user's id).
CREATE TABLE chats (
    id          INTEGER PRIMARY KEY,
    language    TEXT NOT NULL DEFAULT 'az',
    greeted     INTEGER NOT NULL DEFAULT 0,   -- 1 once the first message was answered
    state       TEXT NOT NULL DEFAULT 'reachable' CHECK (state IN (
        'reachable',
        'blocked',                            -- she blocked the bot; ends when she writes or unblocks it
        'gone')),                             -- Telegram says the account is deactivated or the chat is unknown
    created_at  INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL
) STRICT;

-- Who uses which chat: one phone may serve two women, one woman may have two phones. One person at most is active in a chat.
CREATE TABLE chat_people (
    chat   INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    PRIMARY KEY (chat, person)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_active_person ON chat_people (chat) WHERE active = 1;
CREATE INDEX chats_of_person ON chat_people (person);

-- Rights hang on Telegram user ids, never on user names. One role a user.
CREATE TABLE roles (
    user     INTEGER PRIMARY KEY,             -- Telegram user id
    role     TEXT NOT NULL CHECK (role IN ('owner', 'organiser', 'trainer', 'monitor')),
    given_by INTEGER,                         -- Telegram user id; NULL for the first owner
    given_at INTEGER NOT NULL
) STRICT;

-- One-time links that give a role. Only the hash of the link's code is kept.
CREATE TABLE invites (
    hash       TEXT PRIMARY KEY,              -- SHA-256 of the code, hex
    role       TEXT NOT NULL CHECK (role IN ('owner', 'organiser', 'trainer', 'monitor')),
    made_by    INTEGER,                       -- Telegram user id; NULL when made by `init`
    made_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_by    INTEGER,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;

-- Doors: links by which women come in, each for a region and a partner who passes it on. It is no secret, and gives no right.
CREATE TABLE doors (
    code      TEXT PRIMARY KEY,               -- random; the link's payload is 'd_' and this
    region    TEXT NOT NULL,                  -- a region's id, or '' for all
    partner   TEXT,                           -- as an organiser wrote it; '' for none, NULL while it is awaited
    made_by   INTEGER NOT NULL,               -- Telegram user id
    made_at   INTEGER NOT NULL,
    closed_at INTEGER                         -- since then it counts nobody; NULL while it is open
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_open_door ON doors (region, partner) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX one_door_in_hand ON doors (made_by) WHERE partner IS NULL;

-- Printed codes by which a woman takes over the record that the team, or a roster, made for her. Only a code's hash is kept.
CREATE TABLE claims (
    hash       TEXT PRIMARY KEY,              -- SHA-256 of the code, hex
    person     INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    made_by    INTEGER NOT NULL,              -- Telegram user id
    made_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_of_person ON claims (person);

-- When a wrong code was written in a chat: five in an hour are enough.
CREATE TABLE guesses (
    chat       INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    guessed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX guesses_of_chat ON guesses (chat, guessed_at);

-- Definitions of forms as they were when a sheet began, by the hash of their content; never changed.
CREATE TABLE definitions (
    hash TEXT PRIMARY KEY,
    form TEXT NOT NULL,                       -- 'registration'
    body TEXT NOT NULL                        -- canonical JSON
) STRICT, WITHOUT ROWID;

-- A person's way through a form that carries her name.
CREATE TABLE sheets (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    key        TEXT NOT NULL UNIQUE,          -- random; buttons carry it
    form       TEXT NOT NULL,
    definition TEXT NOT NULL REFERENCES definitions (hash),
    person     INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    chat       INTEGER NOT NULL,              -- where the open question stands
    subject    TEXT NOT NULL DEFAULT '',      -- what it is about, such as a session's id
    state      TEXT NOT NULL CHECK (state IN (
        'open',                               -- questions are being answered, or the check card is shown
        'submitted',                          -- she sent it
        'cancelled')),                        -- she stopped it; a new one may be begun
    step       TEXT NOT NULL,                 -- key of the open question; '' is the check card
    opened_at  INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,              -- when its question was asked last
    asked      INTEGER NOT NULL DEFAULT 0     -- which was asked last, whatever the clock says: rises from step to step of hers;
                                              -- steps of anonymous sheets do not count, so it tells nothing of them
) STRICT;
CREATE INDEX sheets_of_person ON sheets (person);
CREATE UNIQUE INDEX one_open_sheet ON sheets (person, form, subject) WHERE state = 'open';

-- Answers: choice keys, not labels.
CREATE TABLE answers (
    sheet    INTEGER NOT NULL REFERENCES sheets (id) ON DELETE CASCADE,
    question TEXT NOT NULL,
    value    TEXT NOT NULL,                   -- JSON
    PRIMARY KEY (sheet, question)
) STRICT, WITHOUT ROWID;

-- Nudges: messages that take up a registration which was left half-way. None of a kind comes twice to a woman, ever.
CREATE TABLE nudges (
    person    INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    kind      TEXT NOT NULL CHECK (kind IN (
        'next day',                           -- on the day after she stopped
        'closing')),                          -- on the day before the last one on which she can register
    nudged_at INTEGER NOT NULL,
    PRIMARY KEY (person, kind)
) STRICT, WITHOUT ROWID;

-- Consents given in a form: which text (by hash), when, and when withdrawn.
CREATE TABLE consents (
    person       INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    purpose      TEXT NOT NULL,               -- 'training', 'photos', 'quotes', 'contact', 'transfer'
    definition   TEXT NOT NULL,               -- hash of the form that showed the text
    given_at     INTEGER NOT NULL,
    withdrawn_at INTEGER,
    PRIMARY KEY (person, purpose, given_at)
) STRICT, WITHOUT ROWID;

-- What a woman needs on a training day. Apart from her answers, because it goes sooner: 30 days after her region's last session.
CREATE TABLE needs (
    person INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    need   TEXT NOT NULL,                     -- choice key of the registration's 'needs' question
    PRIMARY KEY (person, need)
) STRICT, WITHOUT ROWID;

-- The survey of a session: from its end until it is closed.
CREATE TABLE surveys (
    id         TEXT PRIMARY KEY,              -- 'day:lankaran-1'
    session    TEXT NOT NULL REFERENCES sessions (id),
    form       TEXT NOT NULL,
    definition TEXT NOT NULL REFERENCES definitions (hash),
    state      TEXT NOT NULL CHECK (state IN (
        'open',                               -- sheets are hers, sealed
        'closed',                             -- five or more sheets were moved to `responses`, unlinked
        'too few')),                          -- fewer than five: destroyed, only their number is kept
    opened_at  INTEGER NOT NULL,
    closes_at  INTEGER NOT NULL,
    asked      INTEGER NOT NULL DEFAULT 0,    -- how many women were asked
    answered   INTEGER NOT NULL DEFAULT 0     -- how many sheets had an answer at the closing
) STRICT, WITHOUT ROWID;

-- The key of an open survey; destroyed at its closing. LEFT OUT OF BACKUPS.
CREATE TABLE survey_keys (
    survey TEXT PRIMARY KEY REFERENCES surveys (id) ON DELETE CASCADE,
    key    BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A woman's anonymous sheet while its survey is open: answers sealed (AES-GCM) with the survey's key. LEFT OUT OF BACKUPS.
CREATE TABLE sealed_sheets (
    key        TEXT PRIMARY KEY,              -- random; buttons carry it
    survey     TEXT NOT NULL REFERENCES surveys (id) ON DELETE CASCADE,
    person     INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    chat       INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('open', 'submitted', 'cancelled')),
    step       TEXT NOT NULL,
    box        BLOB NOT NULL,                 -- nonce and sealed JSON of the answers
    follows    INTEGER NOT NULL DEFAULT 0,    -- the highest `sheets.asked` of hers when this was asked last: it came after that
    asked      INTEGER NOT NULL DEFAULT 0,    -- and which of her anonymous sheets was asked last; no time, and no order of women
    UNIQUE (survey, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX sealed_sheets_of_person ON sealed_sheets (person);
CREATE INDEX sealed_sheets_sent ON sealed_sheets (survey) WHERE state = 'submitted';

-- Answers of closed anonymous surveys. The key is random, the table is ordered by it, and there is no time: nothing leads back.
CREATE TABLE responses (
    key        TEXT PRIMARY KEY,
    survey     TEXT NOT NULL REFERENCES surveys (id),
    definition TEXT NOT NULL REFERENCES definitions (hash),
    answers    TEXT NOT NULL                  -- JSON, question to value; empty questions are missing
) STRICT, WITHOUT ROWID;

-- What a woman said about a training day before it: her last word counts.
CREATE TABLE intents (
    session    TEXT NOT NULL REFERENCES sessions (id),
    person     INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    answer     TEXT NOT NULL CHECK (answer IN ('coming', 'not coming')),
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (session, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX intents_of_person ON intents (person);
CREATE TRIGGER intents_join AFTER UPDATE OF answer ON intents WHEN new.answer = 'coming' AND old.answer <> 'coming' BEGIN
    UPDATE people SET state = state WHERE id = new.person; -- fires people_join
END;

-- The ledger of reminders, without texts: one row for each occurrence, whatever became of it. The message is the outbox row of the same key.
CREATE TABLE reminders (
    key     TEXT PRIMARY KEY,                 -- 'remind:SESSION:PERSON:eve', '…:morning', '…:survey'
    session TEXT NOT NULL REFERENCES sessions (id),
    person  INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    kind    TEXT NOT NULL CHECK (kind IN ('eve', 'morning', 'survey')),
    due     INTEGER NOT NULL,
    state   TEXT NOT NULL CHECK (state IN (
        'queued',                             -- its message was put into the outbox
        'missed',                             -- it was past its use when the bot came to it
        'unreachable'))                       -- she had no reachable chat: to be called
) STRICT, WITHOUT ROWID;
CREATE INDEX reminders_by_session ON reminders (session, kind);
CREATE INDEX reminders_missed ON reminders (session, kind) WHERE state = 'missed'; -- the clock may have been ahead
CREATE INDEX reminders_of_person ON reminders (person);

-- Everything that leaves for Telegram, as ready calls. A sent row keeps key, time and message id, and loses its parameters.
CREATE TABLE outbox (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    key           TEXT UNIQUE,                -- of the occurrence ('remind:…', 'note:7:123'); NULL for plain replies
    chat          INTEGER NOT NULL,
    person        INTEGER,                    -- whom it is for; NULL for organisers and strangers
    method        TEXT NOT NULL,              -- a Bot API method, 'sendMessage'
    parameters    TEXT NOT NULL,              -- its JSON parameters without chat_id; '' once the row is settled
    target        INTEGER REFERENCES outbox (id) ON DELETE SET NULL, -- the row whose message is edited or deleted
    document      TEXT NOT NULL DEFAULT '',   -- a recipe for a file that is made when it is sent; '' for none
    priority      INTEGER NOT NULL DEFAULT 1, -- 0 replies, 1 reminders, 2 notes to many
    due           INTEGER NOT NULL,
    useless_after INTEGER,                    -- past this moment it is missed, not sent; NULL never
    doubt         TEXT NOT NULL DEFAULT 'repeat' CHECK (doubt IN (
        'repeat',                             -- was in the air at a crash: send again
        'hold')),                             -- … : wait for an organiser
    attempts      INTEGER NOT NULL DEFAULT 0, -- how often its call left, or may have left
    state         TEXT NOT NULL DEFAULT 'planned' CHECK (state IN (
        'planned',                            -- waits for its moment
        'sending',                            -- claimed: it may be in the air
        'sent',
        'in doubt',                           -- was in the air, and its policy is to wait
        'failed',                             -- Telegram refused it for good; the reason says why
        'unreachable',                        -- she blocked the bot or her account is gone
        'missed',                             -- its use was over before it could be sent
        'cancelled')),                        -- stopped before it was sent
    reason        TEXT NOT NULL DEFAULT '',   -- Telegram's description, for failed and unreachable
    doubted       INTEGER NOT NULL DEFAULT 0, -- how often it was found in the air after a crash; > 0 is listed
    message       INTEGER,                    -- message id at Telegram
    settled_at    INTEGER
) STRICT;
CREATE INDEX outbox_due ON outbox (chat, priority, id, due, target) WHERE state IN ('planned', 'sending');
CREATE INDEX outbox_next ON outbox (priority, due, id, chat, target) WHERE state = 'planned';
CREATE INDEX outbox_messages ON outbox (chat, message) WHERE message IS NOT NULL;
CREATE INDEX outbox_doubted ON outbox (id) WHERE doubted > 0;
CREATE INDEX outbox_targets ON outbox (target) WHERE target IS NOT NULL;

-- At most 30 answers wait for a chat, whatever is written to the bot and however fast: the oldest gives way, the newest
-- leads her on. Reminders, notes and what was passed on have keys of their own and never give way.
CREATE TRIGGER answers_give_way AFTER INSERT ON outbox
WHEN NEW.state = 'planned' AND NEW.target IS NULL AND (NEW.key IS NULL OR NEW.key GLOB 'asked:*')
    AND (SELECT count(*) FROM outbox WHERE chat = NEW.chat AND state IN ('planned', 'sending')) > 30
BEGIN
    UPDATE outbox SET state = 'cancelled', reason = 'newer answers waited', parameters = '', settled_at = NEW.due
    WHERE id = (SELECT id FROM outbox WHERE chat = NEW.chat AND state IN ('planned', 'sending') AND state = 'planned'
        AND target IS NULL AND (key IS NULL OR key GLOB 'asked:*') ORDER BY id DESC LIMIT 1 OFFSET 30);
END;

-- Update ids that were seen, for some days: an update that comes twice changes nothing the second time.
CREATE TABLE inbox (
    update_id INTEGER PRIMARY KEY,
    seen_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX inbox_by_time ON inbox (seen_at);

-- Updates that could not be handled. Never a text, a contact or a button's data.
CREATE TABLE failures (
    update_id INTEGER PRIMARY KEY,
    kind      TEXT NOT NULL,                  -- 'message', 'callback_query', 'unparsed', …
    route     TEXT NOT NULL DEFAULT '',
    form      TEXT NOT NULL DEFAULT '',
    step      TEXT NOT NULL DEFAULT '',
    error     TEXT NOT NULL DEFAULT '',       -- the exception's type
    attempts  INTEGER NOT NULL DEFAULT 1,
    state     TEXT NOT NULL CHECK (state IN (
        'trying',                             -- an attempt began and did not end: the process may have died in it
        'put aside')),                        -- it failed, or killed the process twice; it was confirmed to Telegram
    failed_at INTEGER NOT NULL
) STRICT;

-- Messages that women passed on to the organisers. The text stays at Telegram; it is copied from chat to chat.
CREATE TABLE inquiries (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    person      INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    chat        INTEGER NOT NULL,
    message     INTEGER NOT NULL,             -- her message, in her chat
    asked_at    INTEGER NOT NULL,
    answered_at INTEGER,
    answered_by INTEGER,                      -- Telegram user id
    UNIQUE (chat, message)
) STRICT;
CREATE INDEX inquiries_of_person ON inquiries (person);

-- Notes that an organiser writes to a region: previewed, confirmed, sent, perhaps stopped.
CREATE TABLE notes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    region     TEXT NOT NULL,                 -- a region's id, or '' for all
    made_by    INTEGER NOT NULL,              -- Telegram user id
    chat       INTEGER NOT NULL,              -- where its progress is shown
    text       TEXT NOT NULL DEFAULT '',
    state      TEXT NOT NULL CHECK (state IN (
        'writing',                            -- the region is chosen, the text is awaited
        'preview',                            -- shown with its count, waits for 'send'
        'sending',                            -- its rows are in the outbox
        'stopped',                            -- what had not left was cancelled
        'sent',                               -- every row is settled
        'dropped')),                          -- given up before it was confirmed
    made_at    INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_note_in_hand ON notes (made_by) WHERE state IN ('writing', 'preview');

-- Files that people sent, to be fetched from Telegram (bot/fetcher.py); the row goes when what came of it is on the disk.
CREATE TABLE fetches (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    purpose  TEXT NOT NULL,                   -- what is done with it: 'roster'
    file     TEXT NOT NULL,                   -- Telegram's file id; the file itself never lies on the disk
    user     INTEGER NOT NULL,                -- Telegram user id of who sent it
    chat     INTEGER NOT NULL,
    message  INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,      -- noted before each: a file that kills the process is not tried for ever
    asked_at INTEGER NOT NULL,
    UNIQUE (chat, message)
) STRICT;

-- Rosters: spreadsheets of women to be registered. Nothing is done with one before who sent it has confirmed it.
CREATE TABLE rosters (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    hash       TEXT NOT NULL,                 -- SHA-256 of the file, hex
    made_by    INTEGER NOT NULL,              -- Telegram user id
    chat       INTEGER NOT NULL,
    body       TEXT NOT NULL,                 -- its cells, JSON; '' once it is settled
    definition TEXT NOT NULL REFERENCES definitions (hash), -- of the form that its cells are read by
    plan       TEXT NOT NULL,                 -- SHA-256 of what the preview showed: nothing else is done than was shown
    state      TEXT NOT NULL CHECK (state IN (
        'previewed',                          -- what it would change was shown, and waits for a press
        'applied',                            -- all of that was done, in one transaction
        'dropped')),                          -- given up, followed by a newer one, or left for a day
    added      INTEGER NOT NULL DEFAULT 0,    -- women who were registered by it
    changed    INTEGER NOT NULL DEFAULT 0,
    made_at    INTEGER NOT NULL,
    settled_at INTEGER
) STRICT;
CREATE UNIQUE INDEX one_roster_in_hand ON rosters (made_by) WHERE state = 'previewed';

-- What organisers did. Kept without the texts of the women.
CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    user    INTEGER,                          -- Telegram user id; NULL for the command line
    action  TEXT NOT NULL,                    -- 'role.given', 'note.sent', 'export'
    subject TEXT NOT NULL DEFAULT '',
    detail  TEXT NOT NULL DEFAULT ''
) STRICT;

-- Erasures under way: a durable job, resumed at start. Its confirmation is the last thing sent to that chat.
CREATE TABLE erasures (
    person   INTEGER PRIMARY KEY,             -- no reference: the person is gone after the first step
    chat     INTEGER NOT NULL,                -- 0 once confirmed, or if she was in none
    language TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN (
        'asked',                              -- she confirmed that she wants it
        'deleted',                            -- the rows are gone, the file may still hold them
        'checkpointed',                       -- gone from the file and its WAL
        'confirmed')),                        -- she was told
    asked_at INTEGER NOT NULL
) STRICT;

-- Numbers of erased people; applied to every restored backup before the bot starts.
CREATE TABLE tombstones (
    person    INTEGER PRIMARY KEY,
    erased_at INTEGER NOT NULL
) STRICT;
