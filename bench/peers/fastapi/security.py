import hashlib
import secrets
from datetime import datetime, timedelta, timezone

import bcrypt
import jwt
from starlette.concurrency import run_in_threadpool

from settings import ACCESS_TOKEN_SECONDS, BCRYPT_COST, SECRET


async def hash_password(password: str) -> str:
    return (await run_in_threadpool(bcrypt.hashpw, password.encode(), bcrypt.gensalt(BCRYPT_COST))).decode()


async def verify_password(password: str, password_hash: str) -> bool:
    return await run_in_threadpool(bcrypt.checkpw, password.encode(), password_hash.encode())


def make_access_token(user) -> str:
    now = datetime.now(timezone.utc)
    claims = {
        "sub": str(user.id),
        "user_id": user.id,
        "email": user.email,
        "role": user.role,
        "iat": now,
        "exp": now + timedelta(seconds=ACCESS_TOKEN_SECONDS),
    }
    return jwt.encode(claims, SECRET, algorithm="HS256")


def read_access_token(token: str) -> dict:
    return jwt.decode(token, SECRET, algorithms=["HS256"])


def make_refresh_token() -> str:
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
