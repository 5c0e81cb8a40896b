/** English: the kill switch. */
export const capture = {
  "capture.resume": "Let capture go on",
  "capture.resume.done": "Capture goes on for pages that are loaded from now on.",
  "capture.resume.project": "Pages of {project} that are loaded from then on are recorded again.",
  "capture.resume.tenant":
    "Pages that are loaded from then on are recorded again, in every project that is not stopped by itself.",
  "capture.since.text": "Uploads are refused, and no session begins. What was recorded before is kept.",
  "capture.stop": "Stop capture",
  "capture.stop.all": "Stop all capture",
  "capture.stop.all.title": "Stop capture in every project?",
  "capture.stop.consequence.kept": "Sessions that were recorded so far are kept, and can be watched.",
  "capture.stop.consequence.lost": "What pages have not sent yet is dropped for good.",
  "capture.stop.consequence.now": "From the answer on, nothing more is taken in.",
  "capture.stop.denied": "Stopping capture needs the permission {action}; ask an owner, admin or privacy officer.",
  "capture.stop.reason": "Why",
  "capture.stop.reason.hint": "It goes into the audit log, beside the entry, and can be erased with you.",
  "capture.stop.reason.missing": "Say why, for those who find capture stopped.",
  "capture.stop.title": "Stop capture in {project}?",
  "capture.stopped": "Capture stopped",
  "capture.stopped.project": "Capture is stopped here",
  "capture.stopped.tenant": "Capture is stopped in every project",
} as const;
