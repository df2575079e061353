FROM python:3.11-slim
RUN pip install --no-cache-dir uv && useradd --create-home --uid 1000 goldenhour
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --no-cache
COPY . .
RUN mkdir -p data && chown goldenhour data
USER goldenhour
ENV GOLDENHOUR_ROOT=/app PYTHONPATH=/app PATH=/app/.venv/bin:$PATH
EXPOSE 8080
ENTRYPOINT ["python", "-m", "desk"]
CMD ["serve"]
