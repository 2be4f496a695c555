-- A database that Latchkey 0.1.0 made: its schema, and a few rows of each table.
-- Written by pg_dump --column-inserts; kept as it is. from-0-1-0.test.ts says who is in it.

CREATE FUNCTION public.refuse_to_change_audit_events() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
      BEGIN
        RAISE EXCEPTION 'audit events cannot be changed';
      END $$;

CREATE FUNCTION public.refuse_to_remove_audit_events() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
      BEGIN
        RAISE EXCEPTION 'audit events cannot be removed before they are a day old';
      END $$;

CREATE TABLE public.audit_events (
    id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    action text NOT NULL,
    outcome text NOT NULL,
    actor_id uuid,
    target_type text,
    target_id text,
    session_id uuid,
    ip inet,
    user_agent text,
    request_id text,
    reason text,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    anomalies text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT audit_events_outcome_check CHECK ((outcome = ANY (ARRAY['success'::text, 'failure'::text]))),
    CONSTRAINT audit_events_target_check CHECK (((target_type IS NULL) = (target_id IS NULL)))
);

CREATE TABLE public.migrations (
    id integer NOT NULL,
    "timestamp" bigint NOT NULL,
    name character varying NOT NULL
);

CREATE SEQUENCE public.migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.migrations_id_seq OWNED BY public.migrations.id;

CREATE TABLE public.oauth_client_roles (
    client_id uuid NOT NULL,
    role_name text NOT NULL
);

CREATE TABLE public.oauth_clients (
    id uuid NOT NULL,
    name text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    secret_hash bytea NOT NULL,
    former_secret_hash bytea,
    former_secret_until timestamp with time zone,
    authorization_version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT oauth_clients_former_secret_check CHECK (((former_secret_hash IS NULL) = (former_secret_until IS NULL))),
    CONSTRAINT oauth_clients_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
);

CREATE TABLE public.revocation_log (
    id bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    version bigint,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

ALTER TABLE public.revocation_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.revocation_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.role_definitions (
    id boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT role_definitions_one_row CHECK (id)
);

CREATE TABLE public.roles (
    name text NOT NULL,
    description text,
    permissions text[] NOT NULL,
    built_in boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT roles_name_form CHECK ((name ~ '^[a-z][a-z0-9_-]{0,62}$'::text)),
    CONSTRAINT roles_permissions_count CHECK ((cardinality(permissions) <= 100))
);

CREATE TABLE public.session_cutoffs (
    user_id uuid NOT NULL,
    moment_ms bigint NOT NULL,
    first_live_id uuid GENERATED ALWAYS AS (((lpad(to_hex((moment_ms + 1)), 12, '0'::text) || repeat('0'::text, 20)))::uuid) STORED NOT NULL,
    exempt_session_id uuid,
    decided_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    decided_by uuid,
    reason text NOT NULL,
    CONSTRAINT session_cutoffs_moment_ms_check CHECK (((moment_ms >= 0) AND (moment_ms < (((1)::bigint << 48) - 1)))),
    CONSTRAINT session_cutoffs_reason_check CHECK ((reason = ANY (ARRAY['logout_all'::text, 'admin'::text, 'user_disabled'::text, 'user_deleted'::text, 'password_changed'::text])))
);

CREATE TABLE public.sessions (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    family_key bytea NOT NULL,
    generation integer DEFAULT 0 NOT NULL,
    grace_floor integer DEFAULT 0 NOT NULL,
    previous_grace_floor integer DEFAULT 0 NOT NULL,
    grace_bucket_started_at timestamp with time zone NOT NULL,
    rotated_at timestamp with time zone NOT NULL,
    idle_ttl_seconds integer NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    amr text[] NOT NULL,
    created_ip inet NOT NULL,
    created_user_agent text,
    last_ip inet NOT NULL,
    last_user_agent text,
    ended_at timestamp with time zone,
    ended_by uuid,
    end_reason text,
    CONSTRAINT sessions_end_reason_check CHECK ((end_reason = ANY (ARRAY['logout'::text, 'logout_all'::text, 'admin'::text, 'user_disabled'::text, 'user_deleted'::text, 'password_changed'::text, 'refresh_reused'::text, 'expired'::text]))),
    CONSTRAINT sessions_ended_check CHECK (((ended_at IS NULL) = (end_reason IS NULL))),
    CONSTRAINT sessions_generation_check CHECK ((generation >= 0))
)
WITH (fillfactor='70');

CREATE TABLE public.signing_keys (
    kid text NOT NULL,
    algorithm text NOT NULL,
    status text NOT NULL,
    public_jwk jsonb,
    encrypted_private_key bytea,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    status_changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT signing_keys_algorithm_check CHECK ((algorithm = ANY (ARRAY['ES256'::text, 'RS256'::text, 'PS256'::text, 'HS256'::text]))),
    CONSTRAINT signing_keys_private_key_check CHECK (
CASE
    WHEN (status = ANY (ARRAY['next'::text, 'current'::text])) THEN (encrypted_private_key IS NOT NULL)
    WHEN ((status = 'retired'::text) AND (algorithm = 'HS256'::text)) THEN true
    ELSE (encrypted_private_key IS NULL)
END),
    CONSTRAINT signing_keys_public_jwk_check CHECK (((public_jwk IS NULL) = (algorithm = 'HS256'::text))),
    CONSTRAINT signing_keys_status_check CHECK ((status = ANY (ARRAY['next'::text, 'current'::text, 'retired'::text, 'revoked'::text])))
);

CREATE TABLE public.user_roles (
    user_id uuid NOT NULL,
    role_name text NOT NULL
);

CREATE TABLE public.users (
    id uuid NOT NULL,
    email text NOT NULL,
    email_key text NOT NULL COLLATE pg_catalog."C",
    email_verified boolean DEFAULT false NOT NULL,
    name text,
    status text DEFAULT 'active'::text NOT NULL,
    password_hash text,
    password_version integer DEFAULT 1 NOT NULL,
    authorization_version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    import_id uuid,
    CONSTRAINT users_status_known CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
);

ALTER TABLE ONLY public.migrations ALTER COLUMN id SET DEFAULT nextval('public.migrations_id_seq'::regclass);

INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231e-a699-7099-a904-23cc5829b297', '2026-11-28 17:05:41.028602+00', 'key.created', 'success', NULL, 'key', 'GWaltc9XtYQ3STQt_L22DPuxcH1xw_EiKvGFk9v6uek', NULL, '0.0.0.0', NULL, 'latchkey', NULL, '{"status": "current", "algorithm": "ES256"}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231e-a6a9-74d1-a50a-798ac6f213c9', '2026-11-28 17:05:41.034077+00', 'key.created', 'success', NULL, 'key', 'sw2ZenNB7nWXJ5iLDPUODhRG5GacVeTeBAPiGAUln8o', NULL, '0.0.0.0', NULL, 'latchkey', NULL, '{"status": "next", "algorithm": "ES256"}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231e-a8e3-74a0-93fa-377619b826aa', '2026-11-28 17:05:41.607164+00', 'admin.bootstrapped', 'success', NULL, 'user', '01a2231e-a8de-7458-a2fc-b6634726f31e', NULL, '0.0.0.0', NULL, 'operator', NULL, '{}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231e-cf88-756c-adab-f859602fc87b', '2026-11-28 17:05:51.503587+00', 'users.import_started', 'success', NULL, NULL, NULL, NULL, '0.0.0.0', NULL, 'operator', NULL, '{"file": "import.ndjson", "importId": "01a2231e-cf7c-76f2-add6-8ed34ce6fcad"}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231e-cfda-741c-b3d1-5fb00d2332f2', '2026-11-28 17:05:51.579801+00', 'users.imported', 'success', NULL, NULL, NULL, NULL, '0.0.0.0', NULL, 'operator', NULL, '{"file": "import.ndjson", "lines": 1, "refused": 0, "skipped": 0, "importId": "01a2231e-cf7c-76f2-add6-8ed34ce6fcad", "imported": 1}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3881-74e1-8ebc-e34d0d14ee9a', '2026-11-28 17:06:18.372973+00', 'user.registered', 'success', NULL, 'user', '01a2231f-3873-7380-84db-db8fc2d8930e', NULL, '127.0.0.1', 'node', '16233f7a-806a-4936-b76f-b887440c2ad9', NULL, '{}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3933-7174-b0ac-b9a7899c8195', '2026-11-28 17:06:18.548609+00', 'user.registered', 'success', NULL, 'user', '01a2231f-391b-70d8-ab1b-004cb4669109', NULL, '127.0.0.1', 'node', '57af715f-5b5d-4d70-850c-2f6903a5f401', NULL, '{}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3982-718e-8787-3d83964c24d3', '2026-11-28 17:06:18.635152+00', 'user.registered', 'success', NULL, 'user', '01a2231f-397f-72bf-9242-69a2d9e82c29', NULL, '127.0.0.1', 'node', '7d37663d-013e-4c78-8dc0-12ef9a58ed63', NULL, '{}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-39cf-75eb-9cd3-1bf5b26e7633', '2026-11-28 17:06:18.704265+00', 'user.registered', 'success', NULL, 'user', '01a2231f-39c0-72a2-885f-707534dbeb5c', NULL, '127.0.0.1', 'node', '14c2ed52-8a75-4b6f-a29b-fc4c87d99dd5', NULL, '{}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3a5c-7678-85a7-591b135beb52', '2026-11-28 17:06:18.848691+00', 'session.started', 'success', '01a2231e-a8de-7458-a2fc-b6634726f31e', 'session', '01a2231f-3a53-77d5-8505-c31f777a7cab', '01a2231f-3a53-77d5-8505-c31f777a7cab', '127.0.0.1', 'node', '5b0046dc-f29e-4edd-a0a1-96601657848d', NULL, '{"methods": ["pwd"]}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3b46-703f-9188-add6fc73daa2', '2026-11-28 17:06:19.095743+00', 'role.created', 'success', '01a2231e-a8de-7458-a2fc-b6634726f31e', 'role', 'editor', '01a2231f-3a53-77d5-8505-c31f777a7cab', '127.0.0.1', 'node', 'd06a42ac-78a5-4428-ba28-b835624e48d0', NULL, '{"permissions": ["articles:write", "users:read"]}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3beb-75f5-a404-d44c16d00309', '2026-11-28 17:06:19.24456+00', 'user.roles_changed', 'success', '01a2231e-a8de-7458-a2fc-b6634726f31e', 'user', '01a2231f-39c0-72a2-885f-707534dbeb5c', '01a2231f-3a53-77d5-8505-c31f777a7cab', '127.0.0.1', 'node', '47f598af-d6a8-419d-86df-929dad6a7466', NULL, '{"given": ["editor"], "taken": []}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3c6b-7713-b492-546c93e7ef28', '2026-11-28 17:06:19.375875+00', 'session.started', 'success', '01a2231f-3873-7380-84db-db8fc2d8930e', 'session', '01a2231f-3c63-75a8-aaa2-1cb6126568ee', '01a2231f-3c63-75a8-aaa2-1cb6126568ee', '127.0.0.1', 'node', '02c07bb0-bec3-4668-8869-35de416fbca6', NULL, '{"methods": ["pwd"]}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3cc3-715c-acee-d66b8a7a9a64', '2026-11-28 17:06:19.461178+00', 'session.started', 'success', '01a2231f-3873-7380-84db-db8fc2d8930e', 'session', '01a2231f-3cae-7359-a2d6-bcfa5561ffa6', '01a2231f-3cae-7359-a2d6-bcfa5561ffa6', '127.0.0.1', 'node', '39e0a6d6-1c3d-4750-b0c9-3efb812e0b95', NULL, '{"methods": ["pwd"]}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3d37-7414-a726-edfa23f69ae9', '2026-11-28 17:06:19.577511+00', 'session.started', 'success', '01a2231f-3873-7380-84db-db8fc2d8930e', 'session', '01a2231f-3d2d-7cc9-997e-d9c354504db3', '01a2231f-3d2d-7cc9-997e-d9c354504db3', '127.0.0.1', 'node', '4c69f711-2bad-4b82-97cd-03dc6bb737c9', NULL, '{"methods": ["pwd"]}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3d66-7143-be92-50f8b5f079af', '2026-11-28 17:06:19.622932+00', 'session.ended', 'success', '01a2231f-3873-7380-84db-db8fc2d8930e', 'session', '01a2231f-3d2d-7cc9-997e-d9c354504db3', '01a2231f-3d2d-7cc9-997e-d9c354504db3', '127.0.0.1', 'node', '9238e828-a4ec-4d6f-8f22-b02a25faeb56', 'logout', '{"userId": "01a2231f-3873-7380-84db-db8fc2d8930e"}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3d95-7723-8a88-a8d06211061e', '2026-11-28 17:06:19.673323+00', 'session.started', 'success', '01a2231f-391b-70d8-ab1b-004cb4669109', 'session', '01a2231f-3d95-7f10-b472-84875fabf6f3', '01a2231f-3d95-7f10-b472-84875fabf6f3', '127.0.0.1', 'node', '2ac9c004-1c30-436e-bf2a-4d2c94cb1961', NULL, '{"methods": ["pwd"]}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3dc4-732e-83c8-59bb5e7d3c2a', '2026-11-28 17:06:19.71991+00', 'sessions.revoked', 'success', '01a2231f-391b-70d8-ab1b-004cb4669109', 'user', '01a2231f-391b-70d8-ab1b-004cb4669109', '01a2231f-3d95-7f10-b472-84875fabf6f3', '127.0.0.1', 'node', 'ea4ac924-771d-4962-a2f4-6d3a4f28e98c', 'logout_all', '{"revoked": 1}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3dee-7423-93c6-7440d0c849c5', '2026-11-28 17:06:19.759703+00', 'session.started', 'success', '01a2231f-397f-72bf-9242-69a2d9e82c29', 'session', '01a2231f-3ded-7965-907d-dda3096a2213', '01a2231f-3ded-7965-907d-dda3096a2213', '127.0.0.1', 'node', 'b08f6451-943e-46e5-8cee-57ca575a3b6d', NULL, '{"methods": ["pwd"]}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3e2f-764d-b4ba-a03a7ad7ecd2', '2026-11-28 17:06:19.824091+00', 'sessions.revoked', 'success', '01a2231e-a8de-7458-a2fc-b6634726f31e', 'user', '01a2231f-397f-72bf-9242-69a2d9e82c29', '01a2231f-3a53-77d5-8505-c31f777a7cab', '127.0.0.1', 'node', '42050d82-c870-4367-b8d5-a3e9ac381ee6', 'user_disabled', '{"revoked": 1}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3e30-7592-9429-47e649e5a22e', '2026-11-28 17:06:19.825188+00', 'user.disabled', 'success', '01a2231e-a8de-7458-a2fc-b6634726f31e', 'user', '01a2231f-397f-72bf-9242-69a2d9e82c29', '01a2231f-3a53-77d5-8505-c31f777a7cab', '127.0.0.1', 'node', '42050d82-c870-4367-b8d5-a3e9ac381ee6', NULL, '{}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3e5b-745a-96ab-0f70e8759552', '2026-11-28 17:06:19.869207+00', 'session.started', 'success', '01a2231f-39c0-72a2-885f-707534dbeb5c', 'session', '01a2231f-3e5a-7523-8a37-67e5e630f417', '01a2231f-3e5a-7523-8a37-67e5e630f417', '127.0.0.1', 'node', '6cad32d3-c390-46f7-9c06-223e6b9cfa80', NULL, '{"methods": ["pwd"]}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3e7d-74e8-9a31-45dfc141be7d', '2026-11-28 17:06:19.903107+00', 'sign_in.failed', 'failure', NULL, 'user', '01a2231f-39c0-72a2-885f-707534dbeb5c', NULL, '127.0.0.1', 'node', '0bbebc3d-8795-4ba7-884b-7f3408f2b7ce', 'wrong_password', '{}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3eb9-7092-b9fe-2ece395c39e9', '2026-11-28 17:06:19.967485+00', 'session.started', 'success', '01a2231f-39c0-72a2-885f-707534dbeb5c', 'session', '01a2231f-3eb8-7442-93a8-b9ce7eb0bb49', '01a2231f-3eb8-7442-93a8-b9ce7eb0bb49', '127.0.0.1', 'node', '22c81fba-d787-4cf5-8741-ef7c23b2ecc2', NULL, '{"methods": ["pwd"]}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-3ef0-74fd-ac60-7aaf352386c8', '2026-11-28 17:06:20.017704+00', 'client.authentication_failed', 'failure', NULL, NULL, NULL, NULL, '127.0.0.1', 'node', '2c2dd55a-e611-4186-8b3e-e6e08a6d8dc0', NULL, '{}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-ab23-702a-93a6-89946246f685', '2026-11-28 17:06:47.719405+00', 'client.created', 'success', '01a2231e-a8de-7458-a2fc-b6634726f31e', 'client', '01a2231f-aac2-76cd-9f25-c9c1d0b7516e', '01a2231f-3a53-77d5-8505-c31f777a7cab', '127.0.0.1', 'node', '64e587d6-9d24-4630-8937-2baa436cda66', NULL, '{"name": "reports", "roles": ["editor"]}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a2231f-ace7-74ce-b196-4899fae532ec', '2026-11-28 17:06:48.16874+00', 'sessions.revoked', 'success', '01a2231e-a8de-7458-a2fc-b6634726f31e', 'user', '01a2231f-391b-70d8-ab1b-004cb4669109', '01a2231f-3a53-77d5-8505-c31f777a7cab', '127.0.0.1', 'node', '45c79c9e-417b-407b-8bf3-3d028bdd3171', 'suspected theft', '{"filter": {"userId": "01a2231f-391b-70d8-ab1b-004cb4669109"}, "revoked": 0}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a22323-f979-758a-bfac-03b73d16c0ce', '2026-11-28 17:11:29.926181+00', 'key.created', 'success', '01a2231e-a8de-7458-a2fc-b6634726f31e', 'key', 'DcoUqI492eZIRqVtxZh8e6VgxW029uX0C76TS3YPOxg', '01a2231f-3a53-77d5-8505-c31f777a7cab', '127.0.0.1', 'node', '5daf997d-67f3-4281-a730-5daa0f52c78e', NULL, '{"status": "next", "algorithm": "ES256"}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a22323-f997-75c2-a2b2-65e273e9e7a2', '2026-11-28 17:11:29.951197+00', 'key.rotated', 'success', '01a2231e-a8de-7458-a2fc-b6634726f31e', 'key', 'sw2ZenNB7nWXJ5iLDPUODhRG5GacVeTeBAPiGAUln8o', '01a2231f-3a53-77d5-8505-c31f777a7cab', '127.0.0.1', 'node', '5daf997d-67f3-4281-a730-5daa0f52c78e', NULL, '{"forced": false, "former": "GWaltc9XtYQ3STQt_L22DPuxcH1xw_EiKvGFk9v6uek"}', '{}');
INSERT INTO public.audit_events (id, created_at, action, outcome, actor_id, target_type, target_id, session_id, ip, user_agent, request_id, reason, details, anomalies) VALUES ('01a22323-fa9c-723d-9d03-901055e65f35', '2026-11-28 17:11:30.227044+00', 'session.started', 'success', '01a2231f-39c0-72a2-885f-707534dbeb5c', 'session', '01a22323-fa99-7b12-aeb8-4b9c9191ec01', '01a22323-fa99-7b12-aeb8-4b9c9191ec01', '127.0.0.1', 'node', '11e9c469-34d7-4d3d-96d7-dd1f1b697f8f', NULL, '{"methods": ["pwd"]}', '{}');

INSERT INTO public.migrations (id, "timestamp", name) VALUES (1, 1790000000100, 'CreateRoles1790000000100');
INSERT INTO public.migrations (id, "timestamp", name) VALUES (2, 1790000000200, 'CreateUsers1790000000200');
INSERT INTO public.migrations (id, "timestamp", name) VALUES (3, 1790000000300, 'CreateSessionsAndSigningKeys1790000000300');
INSERT INTO public.migrations (id, "timestamp", name) VALUES (4, 1790000000400, 'CreateRevocationLog1790000000400');
INSERT INTO public.migrations (id, "timestamp", name) VALUES (5, 1790000000500, 'CreateAuditEvents1790000000500');
INSERT INTO public.migrations (id, "timestamp", name) VALUES (6, 1790000000600, 'CreateSessionCutoffs1790000000600');
INSERT INTO public.migrations (id, "timestamp", name) VALUES (7, 1790000000610, 'WidenRevocationVersions1790000000610');
INSERT INTO public.migrations (id, "timestamp", name) VALUES (8, 1790000000700, 'RotateSigningKeys1790000000700');
INSERT INTO public.migrations (id, "timestamp", name) VALUES (9, 1790000000710, 'MarkAnomalies1790000000710');
INSERT INTO public.migrations (id, "timestamp", name) VALUES (10, 1790000000720, 'KeepAuditEvents1790000000720');
INSERT INTO public.migrations (id, "timestamp", name) VALUES (11, 1790000000920, 'MarkImportedUsers1790000000920');
INSERT INTO public.migrations (id, "timestamp", name) VALUES (12, 1790000001000, 'CreateOAuthClients1790000001000');
INSERT INTO public.migrations (id, "timestamp", name) VALUES (13, 1790000001020, 'EraseSpentSecrets1790000001020');

INSERT INTO public.oauth_client_roles (client_id, role_name) VALUES ('01a2231f-aac2-76cd-9f25-c9c1d0b7516e', 'editor');

INSERT INTO public.oauth_clients (id, name, status, secret_hash, former_secret_hash, former_secret_until, authorization_version, created_at, updated_at) VALUES ('01a2231f-aac2-76cd-9f25-c9c1d0b7516e', 'reports', 'active', '\xedde074fd74a4400ec4375049ae3e4520793ad210f29201d43df4a8385a05290', NULL, NULL, 1, '2026-11-28 17:06:47.696388+00', '2026-11-28 17:06:47.696388+00');

INSERT INTO public.revocation_log (id, kind, subject, version, created_at, expires_at) OVERRIDING SYSTEM VALUE VALUES (1, 'key-published', 'GWaltc9XtYQ3STQt_L22DPuxcH1xw_EiKvGFk9v6uek', NULL, '2026-11-28 17:05:41.036595+00', '2026-11-28 18:07:11.036511+00');
INSERT INTO public.revocation_log (id, kind, subject, version, created_at, expires_at) OVERRIDING SYSTEM VALUE VALUES (2, 'key-published', 'sw2ZenNB7nWXJ5iLDPUODhRG5GacVeTeBAPiGAUln8o', NULL, '2026-11-28 17:05:41.036882+00', '2026-11-28 18:07:11.03688+00');
INSERT INTO public.revocation_log (id, kind, subject, version, created_at, expires_at) OVERRIDING SYSTEM VALUE VALUES (3, 'user-version', '01a2231f-39c0-72a2-885f-707534dbeb5c', 2, '2026-11-28 17:06:19.264851+00', '2026-11-28 18:07:49.264802+00');
INSERT INTO public.revocation_log (id, kind, subject, version, created_at, expires_at) OVERRIDING SYSTEM VALUE VALUES (4, 'session', '01a2231f-3d2d-7cc9-997e-d9c354504db3', NULL, '2026-11-28 17:06:19.624325+00', '2026-11-28 18:07:49.624316+00');
INSERT INTO public.revocation_log (id, kind, subject, version, created_at, expires_at) OVERRIDING SYSTEM VALUE VALUES (5, 'user-cutoff', '01a2231f-391b-70d8-ab1b-004cb4669109', 1795885579707, '2026-11-28 17:06:19.722532+00', '2026-11-28 18:07:49.722525+00');
INSERT INTO public.revocation_log (id, kind, subject, version, created_at, expires_at) OVERRIDING SYSTEM VALUE VALUES (6, 'user-cutoff', '01a2231f-397f-72bf-9242-69a2d9e82c29', 1795885579811, '2026-11-28 17:06:19.831371+00', '2026-11-28 18:07:49.831362+00');
INSERT INTO public.revocation_log (id, kind, subject, version, created_at, expires_at) OVERRIDING SYSTEM VALUE VALUES (7, 'user-cutoff', '01a2231f-391b-70d8-ab1b-004cb4669109', 1795885608086, '2026-11-28 17:06:48.173061+00', '2026-11-28 18:08:18.173006+00');
INSERT INTO public.revocation_log (id, kind, subject, version, created_at, expires_at) OVERRIDING SYSTEM VALUE VALUES (8, 'key-published', 'DcoUqI492eZIRqVtxZh8e6VgxW029uX0C76TS3YPOxg', NULL, '2026-11-28 17:11:29.961601+00', '2026-11-28 18:12:59.961457+00');

INSERT INTO public.role_definitions (id, version) VALUES (true, 1);

INSERT INTO public.roles (name, description, permissions, built_in, created_at, updated_at) VALUES ('admin', 'May do everything.', '{*}', true, '2026-11-28 17:05:40.345249+00', '2026-11-28 17:05:40.345249+00');
INSERT INTO public.roles (name, description, permissions, built_in, created_at, updated_at) VALUES ('user', 'What every new account gets.', '{}', true, '2026-11-28 17:05:40.345613+00', '2026-11-28 17:05:40.345613+00');
INSERT INTO public.roles (name, description, permissions, built_in, created_at, updated_at) VALUES ('editor', 'Writes.', '{articles:write,users:read}', false, '2026-11-28 17:06:19.055132+00', '2026-11-28 17:06:19.055132+00');

INSERT INTO public.session_cutoffs (user_id, moment_ms, exempt_session_id, decided_at, decided_by, reason) VALUES ('01a2231f-397f-72bf-9242-69a2d9e82c29', 1795885579811, NULL, '2026-11-28 17:06:19.818513+00', '01a2231e-a8de-7458-a2fc-b6634726f31e', 'user_disabled');
INSERT INTO public.session_cutoffs (user_id, moment_ms, exempt_session_id, decided_at, decided_by, reason) VALUES ('01a2231f-391b-70d8-ab1b-004cb4669109', 1795885608086, NULL, '2026-11-28 17:06:48.159278+00', '01a2231e-a8de-7458-a2fc-b6634726f31e', 'admin');

INSERT INTO public.sessions (id, user_id, family_key, generation, grace_floor, previous_grace_floor, grace_bucket_started_at, rotated_at, idle_ttl_seconds, expires_at, created_at, amr, created_ip, created_user_agent, last_ip, last_user_agent, ended_at, ended_by, end_reason) VALUES ('01a2231f-3a53-77d5-8505-c31f777a7cab', '01a2231e-a8de-7458-a2fc-b6634726f31e', '\x4e9333d6b32ed4d61ca3c6ac838e3aefa4aa522644f99c31e817f5ea3e6cd5b1', 0, 0, 0, '2026-11-28 17:06:18.835628+00', '2026-11-28 17:06:18.835628+00', 604800, '2026-12-28 17:06:18.835628+00', '2026-11-28 17:06:18.835628+00', '{pwd}', '127.0.0.1', 'node', '127.0.0.1', 'node', NULL, NULL, NULL);
INSERT INTO public.sessions (id, user_id, family_key, generation, grace_floor, previous_grace_floor, grace_bucket_started_at, rotated_at, idle_ttl_seconds, expires_at, created_at, amr, created_ip, created_user_agent, last_ip, last_user_agent, ended_at, ended_by, end_reason) VALUES ('01a2231f-3c63-75a8-aaa2-1cb6126568ee', '01a2231f-3873-7380-84db-db8fc2d8930e', '\x38f899f8dfc5d7016ab1dc51a28b254351e2ac386299f5204b16f3dad0994ffe', 0, 0, 0, '2026-11-28 17:06:19.363804+00', '2026-11-28 17:06:19.363804+00', 604800, '2026-12-28 17:06:19.363804+00', '2026-11-28 17:06:19.363804+00', '{pwd}', '127.0.0.1', 'node', '127.0.0.1', 'node', NULL, NULL, NULL);
INSERT INTO public.sessions (id, user_id, family_key, generation, grace_floor, previous_grace_floor, grace_bucket_started_at, rotated_at, idle_ttl_seconds, expires_at, created_at, amr, created_ip, created_user_agent, last_ip, last_user_agent, ended_at, ended_by, end_reason) VALUES ('01a2231f-3cae-7359-a2d6-bcfa5561ffa6', '01a2231f-3873-7380-84db-db8fc2d8930e', '\x6efbe4aed4dcb00a81ab9c018ba60bd170cc7381e40a327f416ee099f484b822', 1, 0, 0, '2026-11-28 17:06:19.438191+00', '2026-11-28 17:06:19.520147+00', 604800, '2026-12-28 17:06:19.438191+00', '2026-11-28 17:06:19.438191+00', '{pwd}', '127.0.0.1', 'node', '127.0.0.1', 'node', NULL, NULL, NULL);
INSERT INTO public.sessions (id, user_id, family_key, generation, grace_floor, previous_grace_floor, grace_bucket_started_at, rotated_at, idle_ttl_seconds, expires_at, created_at, amr, created_ip, created_user_agent, last_ip, last_user_agent, ended_at, ended_by, end_reason) VALUES ('01a2231f-3d2d-7cc9-997e-d9c354504db3', '01a2231f-3873-7380-84db-db8fc2d8930e', '\xa0108d4423e27ab0dc2089ea65f29ff5b2cbbe4839154c96c243006411d5e363', 0, 0, 0, '2026-11-28 17:06:19.565696+00', '2026-11-28 17:06:19.565696+00', 604800, '2026-12-28 17:06:19.565696+00', '2026-11-28 17:06:19.565696+00', '{pwd}', '127.0.0.1', 'node', '127.0.0.1', 'node', '2026-11-28 17:06:19.621209+00', '01a2231f-3873-7380-84db-db8fc2d8930e', 'logout');
INSERT INTO public.sessions (id, user_id, family_key, generation, grace_floor, previous_grace_floor, grace_bucket_started_at, rotated_at, idle_ttl_seconds, expires_at, created_at, amr, created_ip, created_user_agent, last_ip, last_user_agent, ended_at, ended_by, end_reason) VALUES ('01a2231f-3e5a-7523-8a37-67e5e630f417', '01a2231f-39c0-72a2-885f-707534dbeb5c', '\xf14a3cba563cb5985586bb20bf5ce16cf92f4ef61b1f6743a1b8dabbb4ef9418', 0, 0, 0, '2026-11-28 17:06:19.866142+00', '2026-11-28 17:06:19.866142+00', 604800, '2026-12-28 17:06:19.866142+00', '2026-11-28 17:06:19.866142+00', '{pwd}', '127.0.0.1', 'node', '127.0.0.1', 'node', NULL, NULL, NULL);
INSERT INTO public.sessions (id, user_id, family_key, generation, grace_floor, previous_grace_floor, grace_bucket_started_at, rotated_at, idle_ttl_seconds, expires_at, created_at, amr, created_ip, created_user_agent, last_ip, last_user_agent, ended_at, ended_by, end_reason) VALUES ('01a2231f-3eb8-7442-93a8-b9ce7eb0bb49', '01a2231f-39c0-72a2-885f-707534dbeb5c', '\x25e40a470eac01045b9b22ae797ff04fe6b480b5f91f68c91ef022380d39d235', 0, 0, 0, '2026-11-28 17:06:19.96097+00', '2026-11-28 17:06:19.96097+00', 604800, '2026-12-28 17:06:19.96097+00', '2026-11-28 17:06:19.96097+00', '{pwd}', '127.0.0.1', 'node', '127.0.0.1', 'node', NULL, NULL, NULL);
INSERT INTO public.sessions (id, user_id, family_key, generation, grace_floor, previous_grace_floor, grace_bucket_started_at, rotated_at, idle_ttl_seconds, expires_at, created_at, amr, created_ip, created_user_agent, last_ip, last_user_agent, ended_at, ended_by, end_reason) VALUES ('01a2231f-3d95-7f10-b472-84875fabf6f3', '01a2231f-391b-70d8-ab1b-004cb4669109', '\xfe54539970fadd9fe8895187d0334bdcbcfa62be47adb274e705efbd8efb932f', 0, 0, 0, '2026-11-28 17:06:19.669005+00', '2026-11-28 17:06:19.669005+00', 604800, '2026-12-28 17:06:19.669005+00', '2026-11-28 17:06:19.669005+00', '{pwd}', '127.0.0.1', 'node', '127.0.0.1', 'node', '2026-11-28 17:06:48.159278+00', '01a2231e-a8de-7458-a2fc-b6634726f31e', 'admin');
INSERT INTO public.sessions (id, user_id, family_key, generation, grace_floor, previous_grace_floor, grace_bucket_started_at, rotated_at, idle_ttl_seconds, expires_at, created_at, amr, created_ip, created_user_agent, last_ip, last_user_agent, ended_at, ended_by, end_reason) VALUES ('01a2231f-3ded-7965-907d-dda3096a2213', '01a2231f-397f-72bf-9242-69a2d9e82c29', '\x7bb64f9a29298e09aaf6a3899e8b29711a74286a0c061e6dd50ba4aa329cb344', 0, 0, 0, '2026-11-28 17:06:19.757516+00', '2026-11-28 17:06:19.757516+00', 604800, '2026-12-28 17:06:19.757516+00', '2026-11-28 17:06:19.757516+00', '{pwd}', '127.0.0.1', 'node', '127.0.0.1', 'node', '2026-11-28 17:06:19.818513+00', '01a2231e-a8de-7458-a2fc-b6634726f31e', 'user_disabled');
INSERT INTO public.sessions (id, user_id, family_key, generation, grace_floor, previous_grace_floor, grace_bucket_started_at, rotated_at, idle_ttl_seconds, expires_at, created_at, amr, created_ip, created_user_agent, last_ip, last_user_agent, ended_at, ended_by, end_reason) VALUES ('01a22323-fa99-7b12-aeb8-4b9c9191ec01', '01a2231f-39c0-72a2-885f-707534dbeb5c', '\xebaf3b620412095e7dd6033462593f1b61f49124a4eec902c31f08bcbb68e68d', 0, 0, 0, '2026-11-28 17:11:30.20163+00', '2026-11-28 17:11:30.20163+00', 604800, '2026-12-28 17:11:30.20163+00', '2026-11-28 17:11:30.20163+00', '{pwd}', '127.0.0.1', 'node', '127.0.0.1', 'node', NULL, NULL, NULL);

INSERT INTO public.signing_keys (kid, algorithm, status, public_jwk, encrypted_private_key, created_at, status_changed_at) VALUES ('GWaltc9XtYQ3STQt_L22DPuxcH1xw_EiKvGFk9v6uek', 'ES256', 'retired', '{"x": "6WO-ah0DvLsOcoN6QdJ-o2z1AWVx3fGaHXOXxERXfAo", "y": "AiP1Mo3SAN-sKbsaPt0XC_Mc-EDyQoVBtCl2mt3Xbgc", "alg": "ES256", "crv": "P-256", "kid": "GWaltc9XtYQ3STQt_L22DPuxcH1xw_EiKvGFk9v6uek", "kty": "EC", "use": "sig"}', NULL, '2026-11-28 17:05:41.007151+00', '2026-11-28 17:11:29.875644+00');
INSERT INTO public.signing_keys (kid, algorithm, status, public_jwk, encrypted_private_key, created_at, status_changed_at) VALUES ('sw2ZenNB7nWXJ5iLDPUODhRG5GacVeTeBAPiGAUln8o', 'ES256', 'current', '{"x": "sqDxjXNj5V3u8Vp5JGJIOBE9mPrqnPrMGXTEoDxg0Cs", "y": "mtWz5VE2Ks2Eb2GiYsKYug60PobeQ-h52f16ntdaNQY", "alg": "ES256", "crv": "P-256", "kid": "sw2ZenNB7nWXJ5iLDPUODhRG5GacVeTeBAPiGAUln8o", "kty": "EC", "use": "sig"}', '\x8c5feb6dfffc93f24a67db4c3a2f91f588ddde7cde589520fc74a72600cfc5f68093a999f414d5a5664eeed7a27b9f638a002c754f1350af46284ea8e28ac6ccc756814f25e9d25cff32f51e7d74545b5e71a59f6fbabc33552265984bfe50e777ea31f7a5c964fb2f10a3ba63e3511c58ff50316ed3e882f2f518a978af7d77db592bba00d0858ab3ff54786be29947cec9ede1942b4330df233d29961a875fcd5b4a9739bf', '2026-11-28 17:05:41.032668+00', '2026-11-28 17:11:29.878073+00');
INSERT INTO public.signing_keys (kid, algorithm, status, public_jwk, encrypted_private_key, created_at, status_changed_at) VALUES ('DcoUqI492eZIRqVtxZh8e6VgxW029uX0C76TS3YPOxg', 'ES256', 'next', '{"x": "Q_pfRsIxfoYSandEooVlSaIz5y8L3N2Ov_zMGyvZ3oc", "y": "5zYwzo2569PQYxPNRvWfYCmsTcGq0APmyIltv0hgmj0", "alg": "ES256", "crv": "P-256", "kid": "DcoUqI492eZIRqVtxZh8e6VgxW029uX0C76TS3YPOxg", "kty": "EC", "use": "sig"}', '\x065406c109835663a8bca413f95ec6c112eafef31f904f515ae6431436a477fc776a26444d17301df1c4f2725d0de0a75333de96f4ebc584644a1782f5edd310fcf72b4a54352a98e63682e5617d1bff97da4de18482726aec195360b9fe1a6244d38ebefcd1cbfea6544cb68ad30a3cb28deac4f8972d8c9f59bbc73dcf934983f104418ab66c19d9100979ca8800ebe4b10750740583ca73e3218805175ad44eb469f269db', '2026-11-28 17:11:29.911234+00', '2026-11-28 17:11:29.911234+00');

INSERT INTO public.user_roles (user_id, role_name) VALUES ('01a2231e-a8de-7458-a2fc-b6634726f31e', 'admin');
INSERT INTO public.user_roles (user_id, role_name) VALUES ('01a2231e-a8de-7458-a2fc-b6634726f31e', 'user');
INSERT INTO public.user_roles (user_id, role_name) VALUES ('0169d7e9-8800-7769-bb68-c536f3b797a7', 'user');
INSERT INTO public.user_roles (user_id, role_name) VALUES ('01a2231f-3873-7380-84db-db8fc2d8930e', 'user');
INSERT INTO public.user_roles (user_id, role_name) VALUES ('01a2231f-391b-70d8-ab1b-004cb4669109', 'user');
INSERT INTO public.user_roles (user_id, role_name) VALUES ('01a2231f-397f-72bf-9242-69a2d9e82c29', 'user');
INSERT INTO public.user_roles (user_id, role_name) VALUES ('01a2231f-39c0-72a2-885f-707534dbeb5c', 'user');
INSERT INTO public.user_roles (user_id, role_name) VALUES ('01a2231f-39c0-72a2-885f-707534dbeb5c', 'editor');

INSERT INTO public.users (id, email, email_key, email_verified, name, status, password_hash, password_version, authorization_version, created_at, updated_at, import_id) VALUES ('01a2231e-a8de-7458-a2fc-b6634726f31e', 'admin@example.com', 'admin@example.com', true, NULL, 'active', '$argon2id$v=19$m=64,p=1,t=1$NSwUfqB6FDVooTafzwc9pg$BqYwJpql2jQ0F4JUBypcqWyxBumpraZ50fR7wu5D0UA', 1, 1, '2026-11-28 17:05:41.599356+00', '2026-11-28 17:05:41.599356+00', NULL);
INSERT INTO public.users (id, email, email_key, email_verified, name, status, password_hash, password_version, authorization_version, created_at, updated_at, import_id) VALUES ('0169d7e9-8800-7769-bb68-c536f3b797a7', 'imported@example.com', 'imported@example.com', true, 'Ivy Import', 'active', '$2b$04$N6v7MnSsSdkAYCQUZxFncu6Ij8ZnpBfRqrpx4jmNuzJ/aYE/hRdHa', 1, 1, '2019-04-01 08:00:00+00', '2026-11-28 17:05:51.567827+00', '01a2231e-cf7c-76f2-add6-8ed34ce6fcad');
INSERT INTO public.users (id, email, email_key, email_verified, name, status, password_hash, password_version, authorization_version, created_at, updated_at, import_id) VALUES ('01a2231f-3873-7380-84db-db8fc2d8930e', 'ada@example.com', 'ada@example.com', false, 'Ada Lovelace', 'active', '$argon2id$v=19$m=64,p=1,t=1$vqmKMdNDfQKdAgEDS4ledA$6YEGexrNdqqPmTgx1hH8IZuMO0k2TWGGmsxZXse+DHQ', 1, 1, '2026-11-28 17:06:18.364244+00', '2026-11-28 17:06:18.364245+00', NULL);
INSERT INTO public.users (id, email, email_key, email_verified, name, status, password_hash, password_version, authorization_version, created_at, updated_at, import_id) VALUES ('01a2231f-391b-70d8-ab1b-004cb4669109', 'ben@example.com', 'ben@example.com', false, 'Ben', 'active', '$argon2id$v=19$m=64,p=1,t=1$ZZqdAMJqjxTgHCgOtEUmug$gXTqkM3/Ec1abi3r5sBjl+YhDoyB2B6UqFx1qs6Ukx8', 1, 1, '2026-11-28 17:06:18.523904+00', '2026-11-28 17:06:18.523904+00', NULL);
INSERT INTO public.users (id, email, email_key, email_verified, name, status, password_hash, password_version, authorization_version, created_at, updated_at, import_id) VALUES ('01a2231f-39c0-72a2-885f-707534dbeb5c', 'eva@example.com', 'eva@example.com', false, 'Eva', 'active', '$argon2id$v=19$m=64,p=1,t=1$xq52r7aFR15sO/moqbPcNg$EOHzgKdl3XweBDdnBKSIj8/c0ylkKbOfDXCJgPe+GV8', 1, 2, '2026-11-28 17:06:18.689068+00', '2026-11-28 17:06:19.224664+00', NULL);
INSERT INTO public.users (id, email, email_key, email_verified, name, status, password_hash, password_version, authorization_version, created_at, updated_at, import_id) VALUES ('01a2231f-397f-72bf-9242-69a2d9e82c29', 'dan@example.com', 'dan@example.com', false, 'Dan', 'disabled', '$argon2id$v=19$m=64,p=1,t=1$kO0W4OyTUr92UHncly3/9g$o3pkhRpdGc96aArlzBv+1zqGNp0hQ8C1xNOnn7kTvhg', 1, 1, '2026-11-28 17:06:18.624435+00', '2026-11-28 17:06:19.801199+00', NULL);

SELECT pg_catalog.setval('public.migrations_id_seq', 13, true);

SELECT pg_catalog.setval('public.revocation_log_id_seq', 8, true);

ALTER TABLE ONLY public.migrations
    ADD CONSTRAINT "PK_8c82d7f526340ab734260ea46be" PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_events
    ADD CONSTRAINT audit_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.oauth_client_roles
    ADD CONSTRAINT oauth_client_roles_pkey PRIMARY KEY (client_id, role_name);

ALTER TABLE ONLY public.oauth_clients
    ADD CONSTRAINT oauth_clients_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.revocation_log
    ADD CONSTRAINT revocation_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.role_definitions
    ADD CONSTRAINT role_definitions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.session_cutoffs
    ADD CONSTRAINT session_cutoffs_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (kid);

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_pkey PRIMARY KEY (user_id, role_name);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key_unique UNIQUE (email_key);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

CREATE INDEX audit_events_action_id_idx ON public.audit_events USING btree (action, id);

CREATE INDEX audit_events_actor_id_id_idx ON public.audit_events USING btree (actor_id, id);

CREATE INDEX audit_events_anomalies_idx ON public.audit_events USING btree (id) WHERE (anomalies <> '{}'::text[]);

CREATE INDEX audit_events_created_at_idx ON public.audit_events USING btree (created_at);

CREATE INDEX audit_events_sign_ins_idx ON public.audit_events USING btree (actor_id, id) WHERE (action = 'session.started'::text);

CREATE INDEX audit_events_target_id_id_idx ON public.audit_events USING btree (target_id, id);

CREATE INDEX oauth_client_roles_by_role ON public.oauth_client_roles USING btree (role_name, client_id);

CREATE INDEX revocation_log_expires_at_idx ON public.revocation_log USING btree (expires_at);

CREATE INDEX sessions_ended_at_idx ON public.sessions USING btree (ended_at) WHERE (ended_at IS NOT NULL);

CREATE INDEX sessions_unended_idx ON public.sessions USING btree (id) WHERE (ended_at IS NULL);

CREATE INDEX sessions_user_id_id_idx ON public.sessions USING btree (user_id, id);

CREATE UNIQUE INDEX signing_keys_one_current_idx ON public.signing_keys USING btree (status) WHERE (status = 'current'::text);

CREATE UNIQUE INDEX signing_keys_one_next_idx ON public.signing_keys USING btree (status) WHERE (status = 'next'::text);

CREATE INDEX user_roles_by_role ON public.user_roles USING btree (role_name, user_id);

CREATE INDEX users_disabled ON public.users USING btree (id) WHERE (status = 'disabled'::text);

CREATE TRIGGER audit_events_append_only BEFORE UPDATE ON public.audit_events FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_to_change_audit_events();

CREATE TRIGGER audit_events_keep_all BEFORE TRUNCATE ON public.audit_events FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_to_remove_audit_events();

CREATE TRIGGER audit_events_keep_recent BEFORE DELETE ON public.audit_events FOR EACH ROW WHEN ((old.created_at > (clock_timestamp() - '1 day'::interval))) EXECUTE FUNCTION public.refuse_to_remove_audit_events();

ALTER TABLE ONLY public.oauth_client_roles
    ADD CONSTRAINT oauth_client_roles_client_fkey FOREIGN KEY (client_id) REFERENCES public.oauth_clients(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.oauth_client_roles
    ADD CONSTRAINT oauth_client_roles_role_fkey FOREIGN KEY (role_name) REFERENCES public.roles(name) ON DELETE RESTRICT;

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_role_fkey FOREIGN KEY (role_name) REFERENCES public.roles(name) ON DELETE RESTRICT;

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

