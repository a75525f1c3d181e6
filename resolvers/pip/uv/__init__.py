"""The pip oracle: questions to uv, its proofs and failures, and the check of its witnesses."""
