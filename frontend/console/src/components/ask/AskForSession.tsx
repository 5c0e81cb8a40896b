import { useNavigate } from "@tanstack/react-router";
import { AskForAccess } from "./AskForAccess";

interface AskForSessionProps {
  readonly sessionId: string;
  readonly onClose: () => void;
}

/** Asks for the one session that the reader stands before, and leads to the request. */
export function AskForSession({ sessionId, onClose }: AskForSessionProps) {
  const navigate = useNavigate();
  return (
    <AskForAccess
      subject={{ sessions: [sessionId] }}
      onClose={onClose}
      onAsked={({ id }) => void navigate({ to: "/access/requests/$requestId", params: { requestId: id } })}
    />
  );
}
