-- The first schema. Tables, indexes and foreign keys as Prisma makes them; what Prisma cannot express is at the end.

-- CreateTable
CREATE TABLE "CheckRecord" (
    "stepId" TEXT NOT NULL,
    "cardId" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "result" JSONB NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "finishedAt" TIMESTAMPTZ(3) NOT NULL,
    "ms" INTEGER NOT NULL,
    "by" TEXT NOT NULL,
    "runId" TEXT NOT NULL,

    CONSTRAINT "CheckRecord_pkey" PRIMARY KEY ("stepId")
);

-- CreateTable
CREATE TABLE "Sweep" (
    "id" TEXT NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "finishedAt" TIMESTAMPTZ(3),
    "ms" INTEGER,
    "checks" INTEGER NOT NULL,
    "requests" INTEGER NOT NULL,
    "byId" TEXT NOT NULL,
    "byName" TEXT NOT NULL,
    "scope" TEXT NOT NULL,

    CONSTRAINT "Sweep_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "FixRun" (
    "id" TEXT NOT NULL,
    "stepId" TEXT,
    "cardId" TEXT,
    "operation" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "risk" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "lockKey" TEXT,
    "plan" JSONB NOT NULL,
    "params" JSONB NOT NULL,
    "applied" JSONB,
    "hash" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "requestedById" TEXT NOT NULL,
    "requestedByName" TEXT NOT NULL,
    "requestedByEmail" TEXT NOT NULL,
    "requestedByRole" TEXT NOT NULL,
    "approvedById" TEXT,
    "approvedByName" TEXT,
    "approvedByEmail" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "endedAt" TIMESTAMPTZ(3),
    "expiresAt" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "error" JSONB,
    "undoPossible" BOOLEAN NOT NULL,
    "undoText" TEXT NOT NULL,
    "undoOf" TEXT,
    "undoneBy" TEXT,
    "incidentId" TEXT,
    "sentAt" TIMESTAMPTZ(3),
    "worker" TEXT,

    CONSTRAINT "FixRun_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "FixMoment" (
    "id" SERIAL NOT NULL,
    "runId" TEXT NOT NULL,
    "phase" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "done" INTEGER,
    "total" INTEGER,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "FixMoment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PreviewRecord" (
    "id" TEXT NOT NULL,
    "stepId" TEXT NOT NULL,
    "actorId" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "params" JSONB NOT NULL,
    "plan" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "risk" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "undoOf" TEXT,

    CONSTRAINT "PreviewRecord_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Incident" (
    "id" TEXT NOT NULL,
    "number" SERIAL NOT NULL,
    "title" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "cardId" TEXT,
    "summary" TEXT,
    "openedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "openedById" TEXT NOT NULL,
    "openedByName" TEXT NOT NULL,
    "resolvedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Incident_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "IncidentEvent" (
    "id" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "byName" TEXT NOT NULL,
    "byRole" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "cardId" TEXT,
    "stepId" TEXT,
    "runId" TEXT,
    "verdict" TEXT,

    CONSTRAINT "IncidentEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ShareLink" (
    "id" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdByName" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "revokedAt" TIMESTAMPTZ(3),
    "lastSeenAt" TIMESTAMPTZ(3),

    CONSTRAINT "ShareLink_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "JournalEntry" (
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "action" TEXT NOT NULL,
    "actorId" TEXT NOT NULL,
    "actorName" TEXT NOT NULL,
    "actorRole" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "runId" TEXT,
    "detail" JSONB NOT NULL,
    "prevHash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "JournalEntry_pkey" PRIMARY KEY ("seq")
);

-- CreateIndex
CREATE INDEX "CheckRecord_cardId_idx" ON "CheckRecord"("cardId");

-- CreateIndex
CREATE INDEX "Sweep_startedAt_idx" ON "Sweep"("startedAt");

-- CreateIndex
CREATE INDEX "FixRun_state_idx" ON "FixRun"("state");

-- CreateIndex
CREATE INDEX "FixRun_createdAt_idx" ON "FixRun"("createdAt");

-- CreateIndex
CREATE INDEX "FixRun_incidentId_idx" ON "FixRun"("incidentId");

-- CreateIndex
CREATE INDEX "FixMoment_runId_id_idx" ON "FixMoment"("runId", "id");

-- CreateIndex
CREATE INDEX "PreviewRecord_expiresAt_idx" ON "PreviewRecord"("expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "Incident_number_key" ON "Incident"("number");

-- CreateIndex
CREATE INDEX "Incident_openedAt_idx" ON "Incident"("openedAt");

-- CreateIndex
CREATE INDEX "IncidentEvent_incidentId_at_idx" ON "IncidentEvent"("incidentId", "at");

-- CreateIndex
CREATE UNIQUE INDEX "ShareLink_tokenHash_key" ON "ShareLink"("tokenHash");

-- CreateIndex
CREATE INDEX "ShareLink_incidentId_idx" ON "ShareLink"("incidentId");

-- CreateIndex
CREATE INDEX "JournalEntry_action_seq_idx" ON "JournalEntry"("action", "seq");

-- CreateIndex
CREATE INDEX "JournalEntry_actorId_seq_idx" ON "JournalEntry"("actorId", "seq");

-- CreateIndex
CREATE INDEX "JournalEntry_runId_idx" ON "JournalEntry"("runId");

-- AddForeignKey
ALTER TABLE "FixRun" ADD CONSTRAINT "FixRun_incidentId_fkey" FOREIGN KEY ("incidentId") REFERENCES "Incident"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "FixMoment" ADD CONSTRAINT "FixMoment_runId_fkey" FOREIGN KEY ("runId") REFERENCES "FixRun"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "IncidentEvent" ADD CONSTRAINT "IncidentEvent_incidentId_fkey" FOREIGN KEY ("incidentId") REFERENCES "Incident"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ShareLink" ADD CONSTRAINT "ShareLink_incidentId_fkey" FOREIGN KEY ("incidentId") REFERENCES "Incident"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The lock on a target: one fix at a time, over crashes and over replicas. A run of unknown outcome keeps
-- its target locked until somebody decided.
CREATE UNIQUE INDEX "fix_run_one_per_target" ON "FixRun"("target") WHERE "state" IN ('executing', 'verifying', 'unknown');

-- One incident is open at a time.
CREATE UNIQUE INDEX "incident_one_open" ON "Incident"("state") WHERE "state" = 'open';

-- The journal only grows. The trigger also fires for replicated writes, and is there for mistakes: who owns
-- the database can remove it, and then the chain of hashes shows what was changed.
CREATE FUNCTION "journal_only_grows"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The journal only grows: % is refused.', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER "journal_only_grows" BEFORE UPDATE OR DELETE OR TRUNCATE ON "JournalEntry"
  FOR EACH STATEMENT EXECUTE FUNCTION "journal_only_grows"();

ALTER TABLE "JournalEntry" ENABLE ALWAYS TRIGGER "journal_only_grows";
