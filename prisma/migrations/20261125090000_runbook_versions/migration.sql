-- Runbooks that were installed, and which version of a runbook each run and each check went by.

-- AlterTable
ALTER TABLE "CheckRecord" ADD COLUMN "runbookVersion" TEXT;

-- AlterTable
ALTER TABLE "Sweep" ADD COLUMN "runbookVersion" TEXT;

-- AlterTable
ALTER TABLE "FixRun" ADD COLUMN "runbookVersion" TEXT;

-- CreateTable
CREATE TABLE "RunbookVersion" (
    "id" TEXT NOT NULL,
    "runbookId" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "file" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "cards" INTEGER NOT NULL,
    "lines" INTEGER NOT NULL,
    "typed" INTEGER NOT NULL,
    "installedById" TEXT NOT NULL,
    "installedByName" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "active" BOOLEAN NOT NULL,

    CONSTRAINT "RunbookVersion_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "RunbookVersion_runbookId_at_idx" ON "RunbookVersion"("runbookId", "at");

-- One version of a runbook is active at a time: of two installations at the same moment the second fails here.
CREATE UNIQUE INDEX "runbook_version_one_active" ON "RunbookVersion"("runbookId") WHERE "active";

-- Versions are kept for ever: a run in the journal names the one it went by. Only `active` changes.
CREATE FUNCTION "runbook_versions_stay"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(NEW) - 'active' = to_jsonb(OLD) - 'active' THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'Versions of runbooks are kept as they are: % is refused.', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER "runbook_versions_stay" BEFORE UPDATE OR DELETE ON "RunbookVersion"
  FOR EACH ROW EXECUTE FUNCTION "runbook_versions_stay"();

CREATE TRIGGER "runbook_versions_stay_whole" BEFORE TRUNCATE ON "RunbookVersion"
  FOR EACH STATEMENT EXECUTE FUNCTION "runbook_versions_stay"();
