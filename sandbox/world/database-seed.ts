/** The reference's database: its name, and the tables and rows it begins with. */
export const DATABASE = 'aic_production'

export const SEED = `
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL UNIQUE, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users, total numeric(12,2) NOT NULL, state text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX orders_user_id_idx ON orders (user_id);
CREATE TABLE sessions (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id bigint NOT NULL REFERENCES users, expires_at timestamptz NOT NULL);
CREATE TABLE event_store (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream_id text NOT NULL, sequence bigint NOT NULL, type text NOT NULL, payload jsonb NOT NULL DEFAULT '{}', recorded_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX event_store_stream_idx ON event_store (stream_id, sequence);
INSERT INTO users SELECT i, 'user' || i || '@example.com' FROM generate_series(1, 500) i;
INSERT INTO orders SELECT i, 1 + i % 500, (i % 900) + 0.5, 'paid' FROM generate_series(1, 4000) i;
INSERT INTO sessions (user_id, expires_at) SELECT 1 + i % 500, now() + interval '1 day' FROM generate_series(1, 300) i;
INSERT INTO event_store (stream_id, sequence, type) SELECT 'order-' || (i % 40), 1 + i / 40, 'OrderUpdated' FROM generate_series(0, 3999) i;
ANALYZE;
`
