import type { GrantVerb } from "@sealtape/api-client";
import { useNavigate } from "@tanstack/react-router";
import { AskForAccess } from "./AskForAccess";

interface AskForSessionProps {
  readonly sessionId: string;
  /** What to do with it, to start with. */
  readonly verb?: GrantVerb;
  readonly onClose: () => void;
}

/** Asks for the one session that the reader stands before, and leads to the request. */
export function AskForSession({ sessionId, verb, onClose }: AskForSessionProps) {
  const navigate = useNavigate();
  return (
    <AskForAccess
      subject={{ sessions: [sessionId], verb }}
      onClose={onClose}
      onAsked={({ id }) => void navigate({ to: "/access/requests/$requestId", params: { requestId: id } })}
    />
  );
}
